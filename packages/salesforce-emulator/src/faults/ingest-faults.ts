import { answerWith } from './answer-faults.ts';
import { repeatFirstRow, skipHeaderRow } from './body-faults.ts';
import { type CataloguedFault, fault } from './catalogued-fault.ts';
import { failJob, failJobByLocks, hangJob, vanishJob } from './job-faults.ts';
import { claimRecordsFailed, claimRecordsProcessed } from './json-faults.ts';
import type { RequestKind } from './request-kind.ts';
import { failTrigger, lockRows, rejectRows, type RowMatch } from './row-faults.ts';
import { dropUpload, stallUpload, truncateUpload } from './upload-faults.ts';

const UPLOAD: readonly RequestKind[] = ['upload'];
const CREATE: readonly RequestKind[] = ['ingestCreate'];
const POLL: readonly RequestKind[] = ['ingestPoll'];
const JOB: readonly RequestKind[] = ['ingestCreate', 'upload', 'close', 'ingestPoll'];
const RESULTS: readonly RequestKind[] = ['successful', 'failed', 'unprocessed'];

/** Of an upload, so far in at most. */
const UPLOAD_BYTES = 3000;
const INTERNAL = 'InternalServerError : Retried more than fifteen times';
const VALIDATION = { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'not this one' };

/** What can go wrong with an ingest job: with its upload, its rows, its state, its counts and its result files. */
export const INGEST_FAULTS: readonly CataloguedFault[] = [
  fault('upload dropped at once', UPLOAD, true, () => dropUpload(0)),
  fault('upload reset at once', UPLOAD, true, () => dropUpload(0, { reset: true })),
  fault('upload dropped in the rows', UPLOAD, true, (draw) => dropUpload(draw(UPLOAD_BYTES))),
  fault('upload reset in the rows', UPLOAD, true, (draw) => dropUpload(draw(UPLOAD_BYTES), { reset: true })),
  { ...fault('upload stalls at once', UPLOAD, true, () => stallUpload(0)), stalls: true },
  { ...fault('upload stalls in the rows', UPLOAD, true, (draw) => stallUpload(draw(UPLOAD_BYTES))), stalls: true },
  fault('upload ends cleanly in the rows', UPLOAD, false, (draw) => truncateUpload(draw(UPLOAD_BYTES))),
  fault('upload without a length refused', UPLOAD, true, () => answerWith(411, { body: 'html' })),
  fault('upload too large for a proxy', UPLOAD, false, () => answerWith(413, { body: 'html' })),
  // Jobs.
  fault('load failed', CREATE, true, () => failJob(INTERNAL)),
  fault('load failed half way', CREATE, true, (draw) => failJob(INTERNAL, { afterRows: draw(40) })),
  fault('load failed by locks', CREATE, true, () => failJobByLocks()),
  fault('load failed for good', CREATE, false, () => failJob('InvalidBatch : Field name not found : X')),
  { ...fault('load stuck', JOB, false, (draw) => hangJob({ afterRows: draw(40) - 1 })), hangs: true },
  fault('load vanished', [...JOB, ...RESULTS], false, () => vanishJob()),
  fault('load counts too many rows', POLL, false, () => claimRecordsProcessed((rows) => rows + 1)),
  fault('load counts too few rows', POLL, false, () => claimRecordsProcessed((rows) => Math.max(0, rows - 1))),
  fault('load counts no rows', POLL, false, () => claimRecordsProcessed(null)),
  fault('load counts other failures', POLL, false, () => claimRecordsFailed((rows) => rows + 1)),
  fault('load counts no failures', POLL, false, () => claimRecordsFailed(null)),
  // Rows.
  fault('rows locked', CREATE, true, (draw) => lockRows(everySeventh(draw(7)))),
  fault('rows rejected', CREATE, false, (draw) => rejectRows(everySeventh(draw(7)), VALIDATION)),
  fault('rows failed by a trigger', CREATE, false, (draw) => failTrigger(everySeventh(draw(7)), 'Trigger.Item')),
  // Result files.
  fault('result without its header row', RESULTS, false, () => skipHeaderRow()),
  fault('result with a row twice', RESULTS, false, () => repeatFirstRow()),
];

function everySeventh(first: number): RowMatch {
  return ({ number }) => number % 7 === first - 1;
}
