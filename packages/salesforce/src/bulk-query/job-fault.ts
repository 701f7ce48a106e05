import { SluiceError } from '@sluice/core';

import { quotable } from '../http/salesforce-error-body.ts';
import type { QueryJob } from './query-job.ts';

/** A job says why it failed in prose alone; what to do is told by the code it mentions. First match decides. */
const HINTS: readonly { readonly mentions: RegExp; readonly hint: string }[] = [
  {
    mentions: /QUERY_TIMEOUT|running for too long|retried more than/i,
    hint: 'Narrow the query with a selective WHERE on an indexed field such as SystemModstamp, and drop ORDER BY and LIMIT.',
  },
  {
    mentions: /QUERY_TOO_COMPLICATED/i,
    hint: 'Leave formula fields out, or split the columns over several queries and join the results on Id.',
  },
  {
    mentions: /INVALID_?FIELD|No such column|INVALID_?TYPE|is not supported\. If you are/i,
    hint: 'Check the spelling, and that the user may see the object and its fields.',
  },
  { mentions: /MALFORMED_?QUERY|unexpected token/i, hint: 'Correct the query.' },
  {
    mentions: /FUNCTIONALITY_?NOT_?ENABLED|not supported in Bulk/i,
    hint: 'Leave out what the message names: Bulk API queries do not support it.',
  },
  {
    mentions: /LIMIT_?EXCEEDED|EXCEEDED_?QUOTA/i,
    hint: 'Wait until the rolling 24 hours have freed some of the allocation.',
  },
];

/** For a job that ended as anything but `JobComplete`. */
export function endedJobFault({ id, state, errorMessage }: QueryJob): SluiceError {
  if (state === 'Aborted') {
    return new SluiceError('JOB_FAILED', `query job ${id} was aborted by someone else`, {
      hint: 'Start a new run.',
      details: { job: id, state },
    });
  }
  const reason = errorMessage === undefined ? 'the org gives no reason' : quotable(errorMessage);
  const hint = HINTS.find(({ mentions }) => mentions.test(errorMessage ?? ''))?.hint;
  return new SluiceError('JOB_FAILED', `query job ${id} failed: ${reason}`, {
    ...(hint === undefined ? {} : { hint }),
    details: { job: id, state },
  });
}
