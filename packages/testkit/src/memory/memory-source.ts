import { batchBytes, type Context, type Delivery, type JsonObject, type Source, SluiceError } from '@sluice/core';
import type { RecordBatch } from 'apache-arrow';

import type { TestTable } from '../data/test-table.ts';
import type { Faults } from '../harness/fault-kind.ts';
import { FaultHits } from './fault-hits.ts';
import { RemoteState } from './remote-state.ts';

/** What befalls the next page alone. */
interface OneOff {
  readonly kind: 'cut' | 'truncate';
  readonly fault: FaultHits;
}

/** A table on a remote side, given page by page. */
export class MemoryTable {
  readonly table: TestTable;
  readonly remote = new RemoteState();
  /** Work that runs have started and not ended. */
  readonly jobs = new Set<string>();
  pageRows = 16;
  #oneOff: OneOff | undefined;
  #miscount: FaultHits | undefined;
  #schemaChange: FaultHits | undefined;
  #loss: { readonly fault: FaultHits; readonly jobs: ReadonlySet<string> } | undefined;
  readonly #batches = new Map<string, RecordBatch>();

  constructor(table: TestTable) {
    this.table = table;
  }

  readonly faults = {
    ...this.remote.faults,
    cut: () => this.#armOnce('cut'),
    truncate: () => this.#armOnce('truncate'),
    miscount: () => (this.#miscount = new FaultHits()),
    lost: () => this.#loseJobs(),
    schemaChange: () => (this.#schemaChange = new FaultHits()),
  } satisfies Faults;

  /** Whether the job is there, as whoever reads its rows is told. */
  hasJob(job: string): boolean {
    if (this.#loss?.jobs.has(job) === true) this.#loss.fault.strike();
    return this.jobs.has(job);
  }

  #armOnce(kind: OneOff['kind']): FaultHits {
    const fault = new FaultHits();
    this.#oneOff = { kind, fault };
    return fault;
  }

  #loseJobs(): FaultHits {
    const fault = new FaultHits();
    this.#loss = { fault, jobs: new Set(this.jobs) };
    this.jobs.clear();
    return fault;
  }

  /** Made once: a remote side has its rows, it does not make them. */
  #batch(from: number, to: number): RecordBatch {
    const name = `${from}-${to}`;
    const batch = this.#batches.get(name) ?? this.table.batch(from, to);
    this.#batches.set(name, batch);
    return batch;
  }

  /** Rows of a page, and how many there are by the remote side's own count. */
  page(
    from: number,
    to: number,
  ): { readonly batch: RecordBatch; readonly count: number; readonly schemaVersion: number; readonly isCut: boolean } {
    const oneOff = this.#oneOff;
    this.#oneOff = undefined;
    for (const fault of [oneOff?.fault, this.#miscount, this.#schemaChange]) fault?.strike();
    const end = oneOff?.kind === 'truncate' ? from : to;
    return {
      batch: this.#batch(from, end),
      count: to - from + (this.#miscount === undefined ? 0 : 1),
      schemaVersion: this.#schemaChange === undefined ? 1 : 2,
      isCut: oneOff?.kind === 'cut',
    };
  }
}

export interface MemorySourceOptions {
  /** Rows of a split. Default: a third of them, so that there are several. */
  readonly splitRows?: number;
  /** Never shown. */
  readonly token?: string;
  readonly connections?: number;
}

interface State extends JsonObject {
  readonly version: number;
  readonly schemaVersion: number;
}

interface Split extends JsonObject {
  readonly version: number;
  readonly job: string;
  readonly from: number;
  readonly to: number;
}

interface Position extends JsonObject {
  readonly version: number;
  readonly row: number;
}

export type MemorySource = Source<State, Split, Position>;

/** Reads a table in memory as a connector reads a remote one. Passes every check of a source. */
export function memorySource(remote: MemoryTable, options: MemorySourceOptions = {}): MemorySource {
  const { table, jobs } = remote;
  const rows = table.rows.length;
  const { splitRows = Math.max(1, Math.ceil(rows / 3)), connections = 8 } = options;
  if (!Number.isSafeInteger(splitRows) || splitRows < 1) {
    throw new SluiceError('CONFIG_INVALID', 'memorySource: splitRows must be a whole number of at least 1', {
      hint: 'Correct splitRows.',
    });
  }

  async function ask<T>(ctx: Context, what: string, answer: () => T): Promise<T> {
    const account = ctx.account('memory', { connections });
    return await ctx.retry(() => account.call(() => remote.remote.request(ctx, answer)), { what, safe: true });
  }

  async function* pages(split: Split, ctx: Context, from: number): AsyncGenerator<Delivery<Position>> {
    for (let at = from; at < split.to;) {
      ctx.signal.throwIfAborted();
      if (!remote.hasJob(split.job))
        throw new SluiceError('JOB_GONE', 'the result is gone', { hint: 'Start a new run.' });
      const end = Math.min(split.to, at + Math.min(remote.pageRows, ctx.batch.rows));
      const page = await ask(ctx, 'read a page', () => remote.page(at, end));
      if (page.schemaVersion !== 1) throw new SluiceError('SCHEMA_CHANGED', 'a column is another now');
      if (page.batch.numRows === 0) throw new SluiceError('RESPONSE_TRUNCATED', 'a page ended early');
      if (page.batch.numRows !== page.count) {
        throw new SluiceError('COUNT_MISMATCH', `a page has ${page.batch.numRows} rows instead of ${page.count}`);
      }
      for (let start = 0; start < page.batch.numRows;) {
        const next = endWithin(page.batch, start, ctx.batch.bytes);
        yield { batch: page.batch.slice(start, next), position: { version: 1, row: at + next } };
        start = next;
        if (page.isCut) throw new SluiceError('CONNECTION_LOST', 'the connection was cut');
      }
      at = end;
    }
  }

  return {
    contractVersion: 1,
    name: 'memory',
    config: { splitRows },
    traits: { ordered: true, positions: true, connections },
    check: (ctx) => ask(ctx, 'check', () => {}),
    async plan(ctx) {
      await ask(ctx, 'describe', () => {});
      return { state: { version: 1, schemaVersion: 1 }, schema: table.schema, estimate: { rows }, notes: [] };
    },
    async *splits(plan, ctx, after) {
      requireVersion(plan);
      if (after !== undefined) requireVersion(after);
      const known = ctx.memo.get('job');
      const job = typeof known === 'string' ? known : `job ${jobs.size + 1}`;
      await ctx.memo.set('job', job);
      // A process may have died between remembering the name and creating the job.
      if (ctx.memo.get('created') === undefined) await ask(ctx, 'create a job', () => jobs.add(job));
      await ctx.memo.set('created', true);
      for (let from = after?.to ?? 0; from < rows; from += splitRows) {
        yield { version: 1, job, from, to: Math.min(rows, from + splitRows) };
      }
    },
    read(plan, split, ctx, from) {
      requireVersion(plan);
      requireVersion(split);
      if (from !== undefined) requireVersion(from);
      return pages(split, ctx, from?.row ?? split.from);
    },
    async finish(plan, _end, ctx) {
      requireVersion(plan);
      const job = ctx.memo.get('job');
      if (typeof job === 'string' && jobs.has(job)) await ask(ctx, 'delete the job', () => jobs.delete(job));
      return [];
    },
    async [Symbol.asyncDispose]() {},
  };
}

function requireVersion({ version }: { readonly version: number }): void {
  if (version === 1) return;
  throw new SluiceError('POSITION_UNSUPPORTED', 'this was written by another version', { hint: 'Start a new run.' });
}

/** As many rows as the bound takes, one at least. */
function endWithin(batch: RecordBatch, from: number, bytes: number): number {
  let end = batch.numRows;
  while (end > from + 1 && batchBytes(batch, from, end) > bytes) end = from + Math.ceil((end - from) / 2);
  return end;
}
