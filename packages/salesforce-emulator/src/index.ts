export { LOGIN_REFUSALS, type LoginRefusal } from './auth/login-refusal.ts';
export type { Sessions } from './auth/sessions.ts';
export { type BenchEmulator, type BenchOptions, startBenchEmulator } from './bench/bench-emulator.ts';
export type { AfterRows, IngestJob, IngestState } from './bulk-ingest/ingest-job.ts';
export type { IngestJobs } from './bulk-ingest/ingest-jobs.ts';
export type { IngestOperation, IngestRequest } from './bulk-ingest/ingest-request.ts';
export {
  type RowErrorTexts,
  type RowRejection,
  UNVERIFIED_ROW_ERRORS,
  type UnverifiedRowError,
} from './bulk-ingest/row-fault.ts';
export type { RowRule, UploadedRow } from './bulk-ingest/row-rule.ts';
export type { PrerenderedResult } from './bulk-query/prerendered-result.ts';
export type { JobState, QueryJob } from './bulk-query/query-job.ts';
export type { QueryJobs } from './bulk-query/query-jobs.ts';
export {
  type EmulatorCommandIo,
  type EmulatorCommandOptions,
  emulatorCommandSchema,
  parseEmulatorArguments,
  runEmulator,
} from './command-line.ts';
export type { ClockOptions, EmulatorClock } from './emulator-clock.ts';
export { type EmulatorOptions, emulatorOptionsSchema, type EmulatorSettings } from './emulator-options.ts';
export { type AnswerOptions, answerWith, refuseLogin } from './faults/answer-faults.ts';
export {
  type BodyFaultOptions,
  damageAt,
  dropAt,
  repeatFirstRow,
  skipHeaderRow,
  stallAt,
  timeOutAt,
  truncateAt,
} from './faults/body-faults.ts';
export {
  afterBytes,
  afterRows,
  type BodyMarker,
  type BodyScanner,
  insideQuotedCell,
  insideUtf8,
} from './faults/body-markers.ts';
export type { CataloguedFault, Draw } from './faults/catalogued-fault.ts';
export { type CutOptions, dropBeforeHeaders, loseReply, withholdReply } from './faults/connection-faults.ts';
export type { FaultAction, FaultScene } from './faults/fault-action.ts';
export { FAULT_CATALOGUE } from './faults/fault-catalogue.ts';
export type { AddedFault, Fault, FaultList, FaultMatch } from './faults/fault-list.ts';
export { drawFaults, type DrawOptions, type ScheduledFault, scheduledFault } from './faults/fault-schedule.ts';
export { changeHeader, repeatLocator } from './faults/header-faults.ts';
export { failJob, failJobByLocks, hangJob, vanishJob } from './faults/job-faults.ts';
export { changeJson, claimRecordsFailed, claimRecordsProcessed } from './faults/json-faults.ts';
export {
  losePageLink,
  refuseGzip,
  reorderPageLinks,
  repeatPage,
  repeatPageLink,
  skipPage,
  swapPages,
} from './faults/page-faults.ts';
export {
  INGEST_KINDS,
  type IngestKind,
  QUERY_KINDS,
  type QueryKind,
  REQUEST_KINDS,
  type RequestKind,
} from './faults/request-kind.ts';
export { failTrigger, lockRows, rejectRows, type RowMatch, rowsWith } from './faults/row-faults.ts';
export { expireSession } from './faults/session-faults.ts';
export { dropUpload, stallUpload, truncateUpload } from './faults/upload-faults.ts';
export { ConnectionCut } from './http/connection-cut.ts';
export type { IncomingRequest } from './http/incoming-request.ts';
export { type Body, emptyReply, jsonReply, type Reply, withBody } from './http/reply.ts';
export type { LoggedRequest, RequestEnd, RequestLog } from './http/request-log.ts';
export type { RequestMatch } from './http/request-match.ts';
export {
  type ErrorShape,
  type ErrorShapes,
  UNVERIFIED_ERRORS,
  type UnverifiedError,
} from './http/unverified-errors.ts';
export { createOrg, type CreateOrgOptions, openOrg, type OpenOrgOptions, type OrgOptions } from './org/create-org.ts';
export { openDefaultOrg } from './org/default-org.ts';
export {
  type FieldInput,
  type ObjectInput,
  type OrgDefinitionInput,
  orgDefinitionSchema,
} from './org/org-definition.ts';
export {
  type Cell,
  type CellInput,
  type CellWriter,
  type FieldDefinition,
  type FieldType,
  type FoundRecord,
  type ObjectDefinition,
  type ObjectWriter,
  type Org,
  type QueryOptions,
  type QueryResult,
  type RecordIdentity,
  type RecordInput,
  type ResultColumn,
  SoqlFault,
  type StoredValue,
} from './org/org.ts';
export type { ReportDefinition, ReportInput } from './reports/report-definition.ts';
export type { QueryCursors } from './rest/query-cursors.ts';
export type { Quotas } from './rest/quotas.ts';
export { type Emulator, startEmulator, type StartEmulatorOptions } from './start-emulator.ts';
