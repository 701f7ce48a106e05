import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

import { type Context, type PartId, type Reject, SluiceError, type WriteOutcome, type Writer } from '@sluice/core';
import type { RecordBatch, Schema } from 'apache-arrow';

import { quoteTable } from '../client/identifier.ts';
import { postgresFault } from '../client/postgres-fault.ts';
import type { Session } from '../client/session.ts';
import { columnWriters } from '../copy-in/column-writer.ts';
import { COPY_HEADER, COPY_TRAILER, RowEncoder } from '../copy-in/row-encoder.ts';
import { columnsOf, type PostgresMessage, type PostgresTarget } from './sink-state.ts';
import { hasPlaces, PLACE_COLUMNS, quoteNames, stagingTables } from './staging.ts';

/** Stages a part in one transaction, so that it is there whole or not at all. Owns the session. */
export async function partWriter(
  session: Session,
  target: PostgresTarget,
  schema: Schema,
  part: PartId,
  ctx: Context,
): Promise<Writer<PostgresMessage>> {
  const writer = new PartWriter(session, target, schema, part, ctx);
  try {
    await writer.begin();
    return writer;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

class PartWriter implements Writer<PostgresMessage> {
  readonly #session: Session;
  readonly #target: PostgresTarget;
  readonly #part: PartId;
  readonly #what: string;
  readonly #encoder: RowEncoder;
  readonly #signal: AbortSignal;
  #copy: Writable | undefined;
  /** What ended the COPY before its time. */
  #failure: { readonly error: unknown } | undefined;
  #rows = 0;

  constructor(session: Session, target: PostgresTarget, schema: Schema, part: PartId, { signal }: Context) {
    this.#session = session;
    this.#target = target;
    this.#part = part;
    this.#what = `stage part ${part.part} of split ${part.split}`;
    this.#signal = signal;
    const columns = columnsOf(target).map(({ name, type, isRequired }, index) => {
      const writers = columnWriters(schema.fields[index]!.type, type);
      if (writers === undefined) {
        throw new SluiceError(
          'SCHEMA_CHANGED',
          `PostgreSQL: ${name} no longer has the type the target was opened with`,
        );
      }
      return { name, writers, isRequired };
    });
    this.#encoder = new RowEncoder(columns, hasPlaces(target) ? part : undefined);
  }

  async begin(): Promise<void> {
    await this.#session.run(this.#what, 'BEGIN ISOLATION LEVEL READ COMMITTED');
    await this.#claim();
    const { rows } = stagingTables(this.#target);
    const names = columnsOf(this.#target).map(({ name }) => name);
    const columns = quoteNames(hasPlaces(this.#target) ? [...PLACE_COLUMNS, ...names] : names);
    const copy = this.#session.copyIn(`COPY ${quoteTable(rows)} (${columns}) FROM STDIN (FORMAT binary)`);
    copy.on('error', (error) => (this.#failure ??= { error }));
    this.#copy = copy;
    await this.#send(COPY_HEADER);
  }

  async write(batch: RecordBatch): Promise<WriteOutcome> {
    const rejects: Reject[] = [];
    for (const stretch of this.#encoder.encode(batch)) {
      rejects.push(...stretch.rejects);
      if (stretch.bytes.length > 0) await this.#send(stretch.bytes);
    }
    this.#rows += batch.numRows - rejects.length;
    return rejects.length === 0 ? {} : { rejects };
  }

  async prepare(): Promise<PostgresMessage> {
    const copy = this.#copy!;
    await this.#guarded(async () => {
      copy.end(COPY_TRAILER);
      await finished(copy, { signal: this.#signal });
    });
    const { parts } = stagingTables(this.#target);
    const { split, part } = this.#part;
    await this.#session.run(this.#what, `UPDATE ${quoteTable(parts)} SET rows = $3 WHERE split = $1 AND part = $2`, [
      split,
      part,
      this.#rows,
    ]);
    await this.#session.run(this.#what, 'COMMIT');
    this.#copy = undefined;
    return { version: 1, rows: this.#rows };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The server rolls back what was not committed.
    this.#copy?.destroy();
    await this.#session[Symbol.asyncDispose]();
  }

  /** Takes the part over from whoever staged it before, and ends one that is still at it. */
  async #claim(): Promise<void> {
    const tables = stagingTables(this.#target);
    const [parts, rows] = [quoteTable(tables.parts), quoteTable(tables.rows)];
    const { split, part } = this.#part;
    const lock = [this.#target.runId, `${split}/${part}`];
    await this.#session.run(
      this.#what,
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()
          AND classid = hashtext($1)::oid AND objid = hashtext($2)::oid`,
      lock,
    );
    await this.#session.run(this.#what, 'SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))', lock);
    const claimed = await this.#session.run(
      this.#what,
      `INSERT INTO ${parts} VALUES ($1, $2, 0, pg_current_xact_id()::xid::text) ON CONFLICT DO NOTHING`,
      [split, part],
    );
    if (claimed > 0) return;
    if (hasPlaces(this.#target)) {
      await this.#session.run(this.#what, `DELETE FROM ${rows} WHERE _sluice_split = $1 AND _sluice_part = $2`, [
        split,
        part,
      ]);
    } else {
      await this.#session.run(
        this.#what,
        `DELETE FROM ${rows} WHERE xmin::text = (SELECT xid FROM ${parts} WHERE split = $1 AND part = $2)`,
        [split, part],
      );
    }
    await this.#session.run(
      this.#what,
      `UPDATE ${parts} SET rows = 0, xid = pg_current_xact_id()::xid::text WHERE split = $1 AND part = $2`,
      [split, part],
    );
  }

  /** Waits until what was sent before has left, so that the next rows are encoded meanwhile. */
  async #send(bytes: Uint8Array): Promise<void> {
    const copy = this.#copy!;
    await this.#guarded(async () => {
      if (copy.writableNeedDrain) await once(copy, 'drain', { signal: this.#signal });
      copy.write(bytes);
    });
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    this.#signal.throwIfAborted();
    try {
      if (this.#failure !== undefined) throw this.#failure.error;
      await work();
    } catch (error) {
      this.#signal.throwIfAborted();
      throw postgresFault(this.#what, this.#failure?.error ?? error);
    }
  }
}
