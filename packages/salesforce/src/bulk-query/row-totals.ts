import { SluiceError } from '@sluice/core';

import type { JobReference } from '../bulk-job/bulk-job.ts';
import type { JobMemo } from './job-memo.ts';

/**
 * Compares the rows of all pages with those of the job, as soon as all of them are known.
 *
 * Called when the last page was found and whenever one was read to its end: whichever happens last sees them all, before
 * the run can commit.
 *
 * @throws `COUNT_MISMATCH`
 */
export function assertTotalRows(memo: JobMemo, job: JobReference, rows: number | undefined): void {
  const pages = memo.pages();
  if (pages === undefined) return;
  let read = 0;
  for (let page = 0; page < pages; page += 1) {
    const pageRows = memo.pageRows(page);
    if (pageRows === undefined) return;
    read += pageRows;
  }
  assertJobRows(job, rows, read, pages);
}

/** @throws `COUNT_MISMATCH` */
export function assertJobRows({ id }: JobReference, rows: number | undefined, read: number, pages: number): void {
  if (rows === undefined || rows === read) return;
  throw new SluiceError(
    'COUNT_MISMATCH',
    `query job ${id} has ${rows} rows by its own count, its ${pages} pages have ${read}`,
    { hint: 'Start a new run; report it to Salesforce if it happens again.', details: { job: id, rows, read } },
  );
}
