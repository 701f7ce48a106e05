import type { Memo } from '@sluice/core';
import * as z from 'zod';

import { orphanRecord, type OrphanRecord } from '../bulk-job/job-orphan.ts';
import { memoValue } from '../bulk-job/memo-value.ts';

const jobRecord = z.object({
  v: z.literal(1),
  id: z.string(),
  apiVersion: z.string(),
  orgId: z.string(),
  userId: z.string().optional(),
  /** By the client's clock, for deadlines. */
  createdMs: z.number(),
  /** Another run created it. */
  attached: z.boolean(),
});

export type JobRecord = z.output<typeof jobRecord>;

/** What a run remembers of its job, so that any process can go on with it or clean up behind it. */
export interface JobMemo {
  job(): JobRecord | undefined;
  setJob(job: JobRecord | undefined): Promise<void>;
  /** Set before a job is asked for; still there afterwards when no answer came. */
  creating(): OrphanRecord | undefined;
  setCreating(creation: OrphanRecord | undefined): Promise<void>;
  orphans(): readonly OrphanRecord[];
  setOrphans(orphans: readonly OrphanRecord[]): Promise<void>;
  /** The user gave up waiting, and the job is to stay. */
  isLeftRunning(): boolean;
  setLeftRunning(isLeftRunning: boolean): Promise<void>;
  /** How the result is read, so that a resumed run reads it alike. */
  layout(): PageLayout | undefined;
  setLayout(layout: PageLayout): Promise<void>;
  /** Pages that can be read on their own, once all of them are known. */
  pages(): number | undefined;
  setPages(pages: number): Promise<void>;
  /** Rows of a page that was read to its end. */
  pageRows(page: number): number | undefined;
  setPageRows(page: number, rows: number): Promise<void>;
  /** The page whose first row has that digest. */
  pageBeginningWith(row: string): number | undefined;
  setPageBeginningWith(row: string, page: number): Promise<void>;
}

/** Pages found by links, each on its own, or each by the locator of the one before. */
export type PageLayout = 'pages' | 'sequence';

const count = z.int().min(0);

export function jobMemo(memo: Memo): JobMemo {
  return {
    job: () => memoValue(memo, 'query.job', jobRecord),
    setJob: async (job) => {
      await memo.set('query.job', job ?? null);
    },
    creating: () => memoValue(memo, 'query.creating', orphanRecord),
    setCreating: async (creation) => {
      await memo.set('query.creating', creation ?? null);
    },
    orphans: () => memoValue(memo, 'query.orphans', z.array(orphanRecord)) ?? [],
    setOrphans: async (orphans) => {
      await memo.set('query.orphans', orphans);
    },
    isLeftRunning: () => memo.get('query.leftRunning') === true,
    setLeftRunning: async (isLeftRunning) => {
      await memo.set('query.leftRunning', isLeftRunning);
    },
    layout: () => memoValue(memo, 'query.layout', z.enum(['pages', 'sequence'])),
    setLayout: async (layout) => {
      await memo.set('query.layout', layout);
    },
    pages: () => memoValue(memo, 'query.pages', count),
    setPages: async (pages) => {
      await memo.set('query.pages', pages);
    },
    pageRows: (page) => memoValue(memo, `query.page.${page}`, count),
    setPageRows: async (page, rows) => {
      await memo.set(`query.page.${page}`, rows);
    },
    pageBeginningWith: (row) => memoValue(memo, `query.row.${row}`, count),
    setPageBeginningWith: async (row, page) => {
      await memo.set(`query.row.${row}`, page);
    },
  };
}
