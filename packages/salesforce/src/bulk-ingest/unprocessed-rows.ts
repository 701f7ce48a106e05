import type { Reject } from '@sluice/core';

import { quotable } from '../http/salesforce-error-body.ts';
import type { IngestJob } from './ingest-job.ts';

/** What a job's message mentions when the same rows would fail it again: the header row, the bytes, the job itself. */
const PERMANENT =
  /invalid_?batch|client_?input_?error|invalid_?job\b|invalid_?entity|feature_?not_?enabled|invalid_?user/i;

/**
 * Why rows were left aside that the job never came to. They had no effect, so that sending them again is safe; whether it
 * is of use depends on why the job ended.
 */
export function unprocessedReject(
  { state, errorMessage }: IngestJob,
  { wasClosed }: { readonly wasClosed: boolean },
): Omit<Reject, 'row'> {
  if (state === 'Aborted') {
    // An open job that nobody closes in a day ends by itself.
    return wasClosed
      ? { code: 'JOB_ABORTED', message: 'The job was aborted before it came to the row.', retryable: false }
      : { code: 'JOB_ABORTED', message: 'The job ended while it was open.', retryable: true };
  }
  const reason = errorMessage === undefined ? undefined : quotable(errorMessage);
  return {
    code: state === 'Failed' ? 'JOB_FAILED' : 'UNPROCESSED',
    message: reason ?? 'The job ended before it came to the row, and gives no reason.',
    retryable: !PERMANENT.test(reason ?? ''),
  };
}

/** For rows of a job that is gone, and that the org was never told to process. */
export const VOID_REJECT: Omit<Reject, 'row'> = {
  code: 'JOB_GONE',
  message: 'The job was gone before it was closed.',
  retryable: true,
};
