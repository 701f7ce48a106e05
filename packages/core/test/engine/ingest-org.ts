import type { TestRow } from './row-batches.ts';

/** What becomes of a row: `locked` so many times before it is taken; nobody is ever told of one in `doubt`. */
export type Fate = 'taken' | 'refused' | 'doubt' | { readonly locked: number };

export interface OrgJob {
  readonly id: string;
  readonly rows: readonly TestRow[];
  readonly state: 'open' | 'done' | 'aborted';
  /** In another order than that of the rows. */
  readonly taken: readonly number[];
  readonly failed: readonly { readonly id: number; readonly retryable: boolean }[];
}

interface OrgContent {
  readonly jobs: readonly OrgJob[];
  /** Of rows that were refused as locked, how often. */
  readonly locked: Readonly<Record<number, number>>;
}

/** A remote side that takes rows job by job, and tells what became of them when a job is done, by what they hold. */
export interface IngestOrg {
  readonly jobs: readonly OrgJob[];
  /** Ids of rows that took effect, in the order they did, those in doubt included. */
  readonly taken: readonly number[];
  create(id: string): void;
  upload(id: string, rows: readonly TestRow[]): void;
  /** Takes effect once. */
  close(id: string): void;
  abort(id: string): void;
  /** The org as a process sees it: what a dead one does has no effect. */
  seenBy(process: { readonly isAlive: boolean }): IngestOrg;
}

export function ingestOrg(fateOf: (row: TestRow) => Fate): IngestOrg {
  // As text, so that nothing of it is shared with anybody.
  let text = JSON.stringify({ jobs: [], locked: {} } satisfies OrgContent);
  let taken: readonly number[] = [];
  const content = (): OrgContent => JSON.parse(text) as OrgContent;
  const put = (next: OrgContent): void => {
    text = JSON.stringify(next);
  };
  const change = (id: string, next: (job: OrgJob) => OrgJob): void => {
    const { jobs, locked } = content();
    put({ jobs: jobs.map((job) => (job.id === id ? next(job) : job)), locked });
  };
  const org: IngestOrg = {
    get jobs() {
      return content().jobs;
    },
    get taken() {
      return taken;
    },
    create(id) {
      const { jobs, locked } = content();
      put({ jobs: [...jobs, { id, rows: [], state: 'open', taken: [], failed: [] }], locked });
    },
    upload: (id, rows) => change(id, (job) => ({ ...job, rows: [...job.rows, ...rows] })),
    close(id) {
      const { jobs, locked } = content();
      const job = jobs.find((one) => one.id === id);
      if (job?.state !== 'open') return;
      const times = { ...locked };
      const [done, failed]: [number[], { id: number; retryable: boolean }[]] = [[], []];
      for (const row of job.rows.toReversed()) {
        const fate = fateOf(row);
        const isLocked = typeof fate === 'object' && (times[row.id] ?? 0) < fate.locked;
        if (isLocked) times[row.id] = (times[row.id] ?? 0) + 1;
        if (isLocked || fate === 'refused') failed.push({ id: row.id, retryable: isLocked });
        else done.push(row.id);
      }
      taken = [...taken, ...done.toReversed()];
      put({
        jobs: jobs.map((one) => (one.id === id ? { ...one, state: 'done', taken: done, failed } : one)),
        locked: times,
      });
    },
    abort: (id) => change(id, (job) => (job.state === 'open' ? { ...job, state: 'aborted' } : job)),
    seenBy: (process) => ({
      ...org,
      get jobs() {
        return org.jobs;
      },
      get taken() {
        return org.taken;
      },
      create: (id) => (process.isAlive ? org.create(id) : undefined),
      upload: (id, rows) => (process.isAlive ? org.upload(id, rows) : undefined),
      close: (id) => (process.isAlive ? org.close(id) : undefined),
      abort: (id) => (process.isAlive ? org.abort(id) : undefined),
    }),
  };
  return org;
}
