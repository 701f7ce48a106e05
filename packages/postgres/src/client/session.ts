import type { Readable, Writable } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';

import { type Context, resolveSecret, SluiceError } from '@sluice/core';
import type { Client, QueryConfig } from 'pg';

import type { StatementResult } from '../statements/statement-result.ts';
import { type Driver, loadDriver } from './driver.ts';
import { isWithoutTls, postgresFault } from './postgres-fault.ts';
import { type ParsedPostgresOptions, type TlsMode, tlsOf } from './postgres-options.ts';
import { runStatement } from './run-statement.ts';

/** Binary ranges by `ctid` and `client_connection_check_interval` came with it. */
const MIN_VERSION = 14;

/**
 * Texts are UTF-8 on the wire, instants and intervals in one form; a client that is gone ends its statement. Bounds on
 * statements and transactions are for those who wait for them, and not for a run of hours; that on locks stays.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  client_encoding: 'UTF8',
  DateStyle: 'ISO',
  IntervalStyle: 'iso_8601',
  extra_float_digits: '1',
  synchronize_seqscans: 'off',
  client_connection_check_interval: '1s',
  statement_timeout: '0',
  transaction_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
};

export type SqlValue = string | number | boolean | null | readonly string[] | readonly number[];

export interface ResultColumn {
  readonly name: string;
  readonly oid: number;
  readonly typmod: number;
}

/** One connection to a database. Whatever it does ends when its signal aborts: the server then rolls back. */
export interface Session extends AsyncDisposable {
  /** Rows as objects, values as the driver reads them: bigint and numeric as text. @throws as `postgresFault` says. */
  rows<R extends object>(what: string, sql: string, values?: readonly SqlValue[]): Promise<readonly R[]>;
  /** A single statement or several; answers how many rows the (last) one touched. */
  run(what: string, sql: string, values?: readonly SqlValue[]): Promise<number>;
  /** A text of one statement or several, cells as the server writes them; of each result `maxRows` rows are kept. */
  statement(
    what: string,
    sql: string,
    values: readonly (string | null)[],
    maxRows: number,
  ): Promise<readonly StatementResult[]>;
  /** Calls back with each text the server raises. */
  onNotice(listener: (text: string) => void): void;
  /** The columns a query would give, without running it. */
  describe(what: string, sql: string): Promise<readonly ResultColumn[]>;
  /** One COPY at a time; disposing of the session before its end cuts the connection. */
  copyIn(sql: string): Writable;
  /** The server's count of the rows is there with the answer to the next statement. */
  copyOut(sql: string): Readable & { readonly rowCount: number };
}

/** @throws `AUTH_REJECTED`, `CONNECTION_LOST`, `PLUGIN_MISSING`, `SECRET_UNRESOLVED`; `CONFIG_INVALID` for an old server. */
export async function openSession(options: ParsedPostgresOptions, ctx: Pick<Context, 'signal'>): Promise<Session> {
  const tls = tlsOf(options);
  if (tls !== 'prefer') return await connect(options, tls, ctx);
  try {
    return await connect(options, 'encrypt', ctx);
  } catch (error) {
    if (!isWithoutTls(error)) throw error;
    return await connect(options, 'off', ctx);
  }
}

async function connect(
  options: ParsedPostgresOptions,
  tls: Exclude<TlsMode, 'prefer'>,
  { signal }: Pick<Context, 'signal'>,
): Promise<Session> {
  const driver = await loadDriver();
  const password = options.password === undefined ? undefined : await resolveSecret(options.password, { signal });
  signal.throwIfAborted();
  const client = new driver.pg.Client({
    host: options.host,
    port: options.port,
    database: options.database,
    user: options.user,
    ...(password === undefined ? {} : { password: password.reveal() }),
    ssl: sslOf(options, tls),
    application_name: 'sluice',
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
  });
  const session = new ClientSession(driver, client, signal);
  try {
    await session.connect(`PostgreSQL at ${options.host}`, options);
    return session;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

/** Work that may be repeated as a whole, on a connection of its own each time. */
export async function withSession<T>(
  options: ParsedPostgresOptions,
  ctx: Pick<Context, 'signal' | 'retry'>,
  what: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return await ctx.retry(
    async () => {
      await using session = await openSession(options, ctx);
      return await work(session);
    },
    { what, safe: true },
  );
}

function sslOf(
  { ca, clientCertificate }: ParsedPostgresOptions,
  tls: Exclude<TlsMode, 'prefer'>,
): false | ConnectionOptions {
  if (tls === 'off') return false;
  return {
    rejectUnauthorized: tls !== 'encrypt',
    ...(tls === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...(clientCertificate === undefined
      ? {}
      : {
          cert: clientCertificate.certificate,
          key: clientCertificate.key.reveal(),
          ...(clientCertificate.password === undefined ? {} : { passphrase: clientCertificate.password.reveal() }),
        }),
  };
}

class ClientSession implements Session {
  readonly #driver: Driver;
  readonly #client: Client;
  readonly #signal: AbortSignal;
  readonly #onAbort = (): void => this.#cut();
  #isOpen = false;
  #isCopying = false;
  #lost: Error | undefined;

  constructor(driver: Driver, client: Client, signal: AbortSignal) {
    this.#driver = driver;
    this.#client = client;
    this.#signal = signal;
    // Without a listener a connection cut while idle would end the process.
    client.on('error', (error) => (this.#lost ??= error));
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  async connect(what: string, { timeZone, searchPath }: ParsedPostgresOptions): Promise<void> {
    await this.#guarded(what, async () => await this.#client.connect());
    this.#isOpen = true;
    const settings = {
      ...SETTINGS,
      TimeZone: timeZone,
      ...(searchPath === undefined ? {} : { search_path: searchPath }),
    };
    // One that the server does not know is left out: an old server is to be told by its version.
    const [{ version } = { version: '0' }] = await this.rows<{ version: string }>(
      what,
      `SELECT current_setting('server_version_num') AS version,
              count(CASE WHEN current_setting(w.name, true) IS NOT NULL THEN set_config(w.name, w.setting, false) END) AS known
         FROM unnest($1::text[], $2::text[]) AS w (name, setting)`,
      [Object.keys(settings), Object.values(settings)],
    );
    const major = Math.trunc(Number(version) / 10_000);
    if (major >= MIN_VERSION) return;
    throw new SluiceError('CONFIG_INVALID', `${what} is version ${major}; at least ${MIN_VERSION} is needed`, {
      hint: 'Use a newer server.',
    });
  }

  async rows<R extends object>(what: string, sql: string, values: readonly SqlValue[] = []): Promise<readonly R[]> {
    const { rows } = await this.#guarded(what, async () => await this.#client.query<R>(sql, [...values]));
    return rows;
  }

  async run(what: string, sql: string, values?: readonly SqlValue[]): Promise<number> {
    const result = await this.#guarded(
      what,
      async () => await (values === undefined ? this.#client.query(sql) : this.#client.query(sql, [...values])),
    );
    // Several statements give as many results, which the driver's types leave out.
    const last: unknown = Array.isArray(result) ? result.at(-1) : result;
    return (last as { rowCount: number | null }).rowCount ?? 0;
  }

  async statement(
    what: string,
    sql: string,
    values: readonly (string | null)[],
    maxRows: number,
  ): Promise<readonly StatementResult[]> {
    return await this.#guarded(
      what,
      async () => await runStatement(this.#driver, this.#client, { sql, values, maxRows }),
    );
  }

  onNotice(listener: (text: string) => void): void {
    this.#client.on('notice', ({ message }) => listener(message ?? ''));
  }

  async describe(what: string, sql: string): Promise<readonly ResultColumn[]> {
    // The extended protocol takes one statement: nothing that is written behind the first is run. The driver's types leave
    // its option out.
    const query: QueryConfig & { readonly queryMode: 'extended' } = { text: sql, queryMode: 'extended' };
    const { fields } = await this.#guarded(what, async () => await this.#client.query(query));
    return fields.map(({ name, dataTypeID: oid, dataTypeModifier: typmod }) => ({ name, oid, typmod }));
  }

  copyIn(sql: string): Writable {
    const stream = this.#client.query(this.#driver.copyStreams.from(sql));
    this.#isCopying = true;
    stream.once('finish', () => (this.#isCopying = false));
    return stream;
  }

  copyOut(sql: string): Readable & { readonly rowCount: number } {
    const stream = this.#client.query(this.#driver.copyStreams.to(sql));
    this.#isCopying = true;
    stream.once('end', () => (this.#isCopying = false));
    return stream;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal.removeEventListener('abort', this.#onAbort);
    if (!this.#isOpen || this.#isCopying || this.#lost !== undefined || this.#signal.aborted) return this.#cut();
    this.#isOpen = false;
    try {
      await this.#client.end();
    } catch {
      this.#cut();
    }
  }

  async #guarded<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.#signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      this.#signal.throwIfAborted();
      throw postgresFault(what, error);
    }
  }

  #cut(): void {
    // The driver's types leave its connection out.
    const { connection } = this.#client as unknown as { connection: { stream: { destroy(): void } } };
    connection.stream.destroy();
  }
}
