import type { Context } from '../../src/contract/context.ts';
import type { Json } from '../../src/contract/json.ts';
import type {
  PartId,
  PartResult,
  PreparedPart,
  Reject,
  RowRange,
  Sink,
  SinkTraits,
  WrittenRow,
} from '../../src/contract/sink.ts';
import type { LeftBehind } from '../../src/contract/source.ts';
import { SluiceError } from '../../src/error/sluice-error.ts';
import type { Fate, IngestOrg, OrgJob } from './ingest-org.ts';
import type { Step } from './memory-source.ts';
import { rowsOfBatch, type TestRow } from './row-batches.ts';

export interface IngestSinkOptions {
  readonly org: IngestOrg;
  readonly fateOf: (row: TestRow) => Fate;
  readonly writers?: number;
  readonly part?: NonNullable<SinkTraits['part']>;
  /** Rows that the writer itself refuses, and whether they may be taken another time. */
  readonly refuse?: (row: TestRow, attempt: number) => { readonly retryable: boolean } | undefined;
  readonly at?: Step;
}

export interface IngestSink extends Sink {
  /** Steps in order, such as `open`, `writer 0/0`, `write 0/0 3`, `prepare 0/0`, `commit 0/0`, `closed 0/0`, `retry 0/0/1`. */
  readonly steps: readonly string[];
  /** Parts at once that were written or committed, at most. */
  readonly peakParts: number;
}

/** Rows into the org, a job for each part: what became of them is told late, and found again among the rows that are kept. */
export function ingestSink(options: IngestSinkOptions): IngestSink {
  const { org, writers = 3, part, at } = options;
  const steps: string[] = [];
  const underWay = new Set<string>();
  let peakParts = 0;

  async function step(name: string, ctx?: Context): Promise<void> {
    steps.push(name);
    await at?.(name, ctx);
  }

  function begin(name: string): void {
    underWay.add(name);
    peakParts = Math.max(peakParts, underWay.size);
  }

  return {
    steps,
    get peakParts() {
      return peakParts;
    },
    contractVersion: 1,
    name: 'org',
    config: null,
    traits: {
      guarantee: 'idempotent',
      commit: 'part',
      writers,
      bufferBytes: 0,
      keepsRows: true,
      ...(part === undefined ? {} : { part }),
    },
    check: (ctx) => step('check', ctx),
    async open(_schema, _intent, ctx) {
      await step('open', ctx);
      return { v: 1 };
    },
    async writer(_target, _schema, id, ctx) {
      const name = nameOf(id);
      begin(name);
      await step(`writer ${name}`, ctx);
      // A part that is begun anew leaves the job it had.
      const before = ctx.memo.get('job');
      if (typeof before === 'string') org.abort(before);
      const job = `${name}#${org.jobs.length}`;
      await ctx.memo.set('job', job);
      org.create(job);
      let rows = 0;
      let isPrepared = false;
      return {
        async write(batch) {
          await step(`write ${name} ${batch.numRows}`, ctx);
          const rejects: Reject[] = [];
          const taken = rowsOfBatch(batch).filter((row, i) => {
            const refused = options.refuse?.(row, id.retry ?? 0);
            if (refused === undefined) return true;
            rejects.push({ row: rows + i, code: 'BUSY', message: `busy ${row.id}`, ...refused });
            return false;
          });
          rows += batch.numRows;
          org.upload(job, taken);
          return { rejects };
        },
        async prepare() {
          await step(`prepare ${name}`, ctx);
          isPrepared = true;
          return { v: 1, job };
        },
        async [Symbol.asyncDispose]() {
          if (!isPrepared) org.abort(job);
          await step(`close ${name}`);
        },
      };
    },
    async *commit(_target, _schema, parts, ctx) {
      for (const one of parts) {
        const name = nameOf(one.part);
        await step(`commit ${name}`, ctx);
        org.close(jobIn(one.message));
        await step(`closed ${name}`, ctx);
        yield await resultOf(options, one);
        underWay.delete(name);
      }
    },
    async abort(_target, _schema, parts, ctx) {
      await step(`abort ${parts.length}`, ctx);
      const results: PartResult[] = [];
      const leftBehind: LeftBehind[] = [];
      for (const one of parts) {
        const job = one.memo.get('job');
        if (typeof job !== 'string') continue;
        org.abort(job);
        if (org.jobs.find(({ id }) => id === job)?.state !== 'done') continue;
        if (one.message !== undefined) results.push(await resultOf(options, one));
      }
      return { leftBehind, results };
    },
    [Symbol.asyncDispose]: () => step('dispose'),
  };
}

/** Rows are looked up by what they hold, since the org does not know their numbers. */
async function resultOf({ org, fateOf, refuse }: IngestSinkOptions, part: PreparedPart): Promise<PartResult> {
  const job = org.jobs.find(({ id }) => id === jobIn(part.message));
  if (job === undefined) throw new SluiceError('JOB_GONE', 'the job is gone');
  const rows: TestRow[] = [];
  for await (const batch of part.rows()) rows.push(...rowsOfBatch(batch));
  const inDoubt: RowRange[] = [];
  rows.forEach((row, at) => {
    const isRefused = refuse?.(row, part.part.retry ?? 0) !== undefined;
    if (!isRefused && fateOf(row) === 'doubt') inDoubt.push({ from: at, to: at + 1 });
  });
  const rejects = rejectsOf(job, rows);
  return {
    part: part.part,
    writtenRows: job.rows.length - rejects.length - inDoubt.length,
    rejects: pagesOf(rejects),
    inDoubt,
    written: pagesOf(writtenOf(job, rows, fateOf)),
  };
}

function rejectsOf({ failed }: OrgJob, rows: readonly TestRow[]): readonly Reject[] {
  return failed.map(({ id, retryable }) => ({
    row: rows.findIndex((row) => row.id === id),
    code: retryable ? 'ROW_LOCKED' : 'RULE',
    message: `refused ${id}`,
    retryable,
    columns: ['text'],
  }));
}

function writtenOf({ taken }: OrgJob, rows: readonly TestRow[], fateOf: (row: TestRow) => Fate): readonly WrittenRow[] {
  return taken.flatMap((id) => {
    const row = rows.findIndex((one) => one.id === id);
    return fateOf(rows[row]!) === 'doubt' ? [] : [{ row, id: `id ${id}`, created: id % 2 === 0 }];
  });
}

async function* pagesOf<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < items.length; at += 2) yield items.slice(at, at + 2);
}

function jobIn(message: Json): string {
  return (message as { readonly job: string }).job;
}

function nameOf({ split, part, retry }: PartId): string {
  return retry === undefined ? `${split}/${part}` : `${split}/${part}/${retry}`;
}
