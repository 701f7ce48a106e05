import type { RowRejection } from '../bulk-ingest/row-fault.ts';
import type { RowRule, UploadedRow } from '../bulk-ingest/row-rule.ts';
import type { FaultAction } from './fault-action.ts';

/** Which rows of an upload are meant. */
export type RowMatch = (row: UploadedRow) => boolean;

/** Rows whose cell in that column, as sent, is one of the values. */
export function rowsWith(column: string, values: Iterable<string>): RowMatch {
  const wanted = new Set(values);
  return ({ cells }) => wanted.has(cells[column] ?? '');
}

/** Rows of the ingest job that the request creates are rejected. */
export function rejectRows(match: RowMatch, rejection: RowRejection): FaultAction {
  return ruleFault({ scope: 'row', reject: (row) => (match(row) ? rejection : undefined) });
}

/**
 * Rows are locked for the first attempts (default 1) to save each of them, counted over all the jobs that this falls on:
 * a job with the same rows later finds them free. Rows are the same when their cells are.
 */
export function lockRows(match: RowMatch, { attempts = 1 }: { readonly attempts?: number } = {}): FaultAction {
  const counts = new Map<string, number>();
  const reject = (row: UploadedRow): RowRejection | undefined => {
    if (!match(row)) return undefined;
    const cells = Object.entries(row.cells).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([row.object, cells]);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count > attempts) return undefined;
    const id = row.cells['Id'] ?? '';
    return {
      statusCode: 'UNABLE_TO_LOCK_ROW',
      message: `unable to obtain exclusive access to this record or 1 records${id === '' ? '' : `: ${id}`}`,
    };
  };
  return ruleFault({ scope: 'row', reject });
}

/** A trigger fails by a row, and with it every row of the chunk of 200 that could have been saved. */
export function failTrigger(match: RowMatch, message: string): FaultAction {
  const rejection = { statusCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', message };
  return ruleFault({ scope: 'chunk', reject: (row) => (match(row) ? rejection : undefined) });
}

function ruleFault(rule: RowRule): FaultAction {
  return {
    after: (reply, { ingestJobs, jobId }) => {
      if (jobId !== undefined) ingestJobs.get(jobId)?.addRule(rule);
      return reply;
    },
  };
}
