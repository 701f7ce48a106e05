import { type Context, type LeftBehind, type Memo, SluiceError } from '@sluice/core';

import type { ParsedPostgresOptions } from '../client/postgres-options.ts';
import { openSession, type Session, withSession } from '../client/session.ts';
import { requirePlanned } from './require-planned.ts';
import type { PostgresPlan } from './source-state.ts';

const MEMO_KEY = 'snapshot';
const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
/** In which every statement sees its own moment: that which is exported comes behind the locks. */
const BEGIN_HOLDING = 'BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY';

/**
 * The one moment that all splits of a run see, held by a transaction of its own, which locks what is read against changes
 * that a moment does not outlive: TRUNCATE and ALTER TABLE wait for the end of the run.
 */
export class RunSnapshot implements AsyncDisposable {
  readonly #connection: ParsedPostgresOptions;
  readonly #policy: 'same' | 'renew';
  #held: Promise<Session> | undefined;
  #close = new AbortController();
  #isOpen = false;
  #renewed: Promise<void> = Promise.resolve();

  constructor(connection: ParsedPostgresOptions, policy: 'same' | 'renew') {
    this.#connection = connection;
    this.#policy = policy;
  }

  /** Takes hold of a moment, unless the run has one already. @throws `SCHEMA_CHANGED` when the plan is from another. */
  async hold(plan: PostgresPlan, ctx: Context): Promise<void> {
    if (ctx.memo.get(MEMO_KEY) !== undefined) return;
    await this.#export(plan, ctx);
  }

  /** A session whose transaction sees that moment. @throws `SOURCE_CHANGED` when it is lost. */
  async join(plan: PostgresPlan, ctx: Context): Promise<Session> {
    const session = await openSession(this.#connection, ctx);
    try {
      await this.#enter(session, plan, ctx);
      // Workers of the server would give rows in any order.
      await session.run('read', 'SET LOCAL max_parallel_workers_per_gather = 0');
      return session;
    } catch (error) {
      await session[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Lets go of the moment, whoever holds it. */
  async end(ctx: Context): Promise<readonly LeftBehind[]> {
    const isOwn = this.#isOpen;
    await this[Symbol.asyncDispose]();
    const held = heldSnapshot(ctx.memo);
    if (isOwn || held === undefined) return [];
    try {
      await withSession(this.#connection, ctx, 'end the snapshot', async (session) => {
        await session.run(
          'end the snapshot',
          'SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid = $1 AND backend_start::text = $2',
          [held.pid, held.started],
        );
      });
      return [];
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'It could not be ended.';
      return [{ kind: 'snapshot', id: held.id, reason, hint: `End the server process ${held.pid}, if it is there.` }];
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) return;
    if (!this.#isOpen) this.#close.abort(new Error('the run is over'));
    this.#close = new AbortController();
    this.#isOpen = false;
    await held.then(
      async (session) => await session[Symbol.asyncDispose](),
      () => {},
    );
  }

  async #enter(session: Session, plan: PostgresPlan, ctx: Context): Promise<void> {
    await this.hold(plan, ctx);
    const id = heldSnapshot(ctx.memo)?.id;
    if (await entered(session, ctx)) return;
    if (this.#policy === 'same') {
      throw new SluiceError('SOURCE_CHANGED', 'PostgreSQL: the moment this run reads was lost with its connection', {
        hint: 'Abandon the run and start a new one, or allow a later moment with snapshot: "renew".',
      });
    }
    const before = this.#renewed;
    this.#renewed = this.#renew(before, id, plan, ctx);
    await this.#renewed;
    if (!(await entered(session, ctx))) {
      throw new SluiceError('CONNECTION_LOST', 'PostgreSQL: the moment this run reads was lost again');
    }
  }

  /** Splits that lose the same moment at once get the same later one. */
  async #renew(before: Promise<void>, lost: string | undefined, plan: PostgresPlan, ctx: Context): Promise<void> {
    await before.catch(() => {});
    if (heldSnapshot(ctx.memo)?.id !== lost) return;
    await this.#export(plan, ctx);
    await ctx.note({
      code: 'SNAPSHOT_RENEWED',
      message: 'The moment the run read was lost with its connection; what was left was read as it was later.',
    });
  }

  async #export(plan: PostgresPlan, ctx: Context): Promise<void> {
    await ctx.retry(async () => await this.#take(plan, ctx), { what: 'take a snapshot', safe: true });
  }

  async #take(plan: PostgresPlan, ctx: Context): Promise<void> {
    await this[Symbol.asyncDispose]();
    // Longer than the call it begins in: until the run is over.
    this.#held = openSession(this.#connection, { signal: this.#close.signal });
    const session = await this.#held;
    this.#isOpen = true;
    await session.run('take a snapshot', BEGIN_HOLDING);
    await requirePlanned(session, plan);
    const [row] = await session.rows<HeldSnapshot>(
      'take a snapshot',
      `SELECT pg_export_snapshot() AS id, pid, backend_start::text AS started FROM pg_stat_activity
        WHERE pid = pg_backend_pid()`,
    );
    await ctx.memo.set(MEMO_KEY, { ...row! });
  }
}

/** With the server process that holds it, told from a later one of the same number by when it began. */
type HeldSnapshot = { readonly id: string; readonly pid: number; readonly started: string };

function heldSnapshot(memo: Memo): HeldSnapshot | undefined {
  // Written by `#export`.
  return memo.get(MEMO_KEY) as HeldSnapshot | undefined;
}

/** False when the snapshot is no longer there. */
async function entered(session: Session, { memo }: Context): Promise<boolean> {
  const id = heldSnapshot(memo)?.id ?? '';
  // Only ids go into SQL as text: the statement takes no parameter.
  if (!/^[0-9A-F-]+$/i.test(id)) return false;
  await session.run('read', BEGIN);
  try {
    await session.run('read', `SET TRANSACTION SNAPSHOT '${id}'`);
    return true;
  } catch (error) {
    if (!SluiceError.is(error) || error.retryable) throw error;
    await session.run('read', 'ROLLBACK');
    return false;
  }
}
