import { createHash } from 'node:crypto';

import { SluiceError } from '@sluice/core';
import type { RecordBatch } from 'apache-arrow';

import type { JobMemo } from './job-memo.ts';

/**
 * Counts agree when the org serves one page for two, and the rows of the other are missing all the same. Where rows have
 * their key, no two pages begin with the same row; without one, nobody could tell.
 *
 * @throws `RESPONSE_INVALID` when another page of the job began with this batch's first row.
 */
export async function claimPage(memo: JobMemo, job: string, page: number, first: RecordBatch): Promise<void> {
  const column = first.schema.fields.findIndex(({ nullable }) => !nullable);
  if (column === -1) return;
  // The journal holds no cells.
  const row = createHash('sha256')
    .update(String(first.getChildAt(column)?.get(0)))
    .digest('base64url')
    .slice(0, 22);
  const holder = memo.pageBeginningWith(row);
  if (holder === page) return;
  if (holder !== undefined) {
    throw new SluiceError(
      'RESPONSE_INVALID',
      `query job ${job}: result pages ${holder} and ${page} have the same rows`,
      {
        hint: 'Start a new run; report it to Salesforce if it happens again.',
        details: { job, pages: [holder, page] },
      },
    );
  }
  await memo.setPageBeginningWith(row, page);
}
