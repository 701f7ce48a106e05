export type { Json, JsonObject } from './contract/json.ts';
export type {
  Account,
  AccountLimits,
  BatchBounds,
  Clock,
  Context,
  LogFields,
  Logger,
  Memo,
  Note,
  Random,
  RetryOptions,
} from './contract/context.ts';
export type {
  Change,
  Delivery,
  Estimate,
  LeftBehind,
  Plan,
  Readable,
  Source,
  SourceReject,
  SourceTraits,
} from './contract/source.ts';
export type {
  AbortOutcome,
  CommitContext,
  Guarantee,
  Intent,
  PartId,
  PartResult,
  PreparedPart,
  Reject,
  RowRange,
  Sink,
  SinkTraits,
  StagedPart,
  UnpreparedPart,
  WriteMode,
  WriteOutcome,
  Writer,
  WrittenRow,
} from './contract/sink.ts';
export type { ByteRange, StagedWrite, StageOptions, Store, StoredFile } from './contract/store.ts';
export type {
  DecodeOptions,
  FileEncoding,
  FileSplit,
  Format,
  OpenFile,
  OpenOptions,
  RandomAccess,
  RowPlace,
  RowRanges,
  Segment,
  SegmentEncoder,
} from './contract/format.ts';
export type { MappedBatch, Mapping, MappingReject } from './contract/mapping.ts';
export type {
  ApiCalls,
  Journal,
  JournalEntry,
  JournalRecord,
  RejectGroup,
  ResumePoint,
  RunJournal,
  RunSummary,
  SideName,
  SideTarget,
} from './contract/journal.ts';
export { ERROR_CODES, type ErrorCode } from './error/error-codes.ts';
export { SluiceError, type SluiceErrorOptions } from './error/sluice-error.ts';
export {
  resolveSecret,
  type ResolveSecretOptions,
  type SecretProvider,
  type SecretRequest,
} from './secret/resolve-secret.ts';
export { isSecretReference, secret, type SecretReference } from './secret/secret-reference.ts';
export { Secret } from './secret/secret.ts';
export { memoryJournal } from './journal/memory-journal.ts';
export { type DiskJournal, sqliteJournal } from './journal/sqlite-journal.ts';
export { checkJson } from './json/json-check.ts';
export { fingerprint } from './fingerprint/fingerprint.ts';
export { sameSchema } from './schema/same-schema.ts';
export { decodeSchema, encodeSchema } from './schema/schema-codec.ts';
export { requireContract } from './plugin/contract-version.ts';
export { batchBytes } from './arrow/batch-bytes.ts';
export { abandon, type AbandonOptions } from './engine/abandon.ts';
export { collect, type Collected } from './engine/collect.ts';
export { copy, type CopyOptions, type Run, type SideOptions } from './engine/copy.ts';
export { type Batches, fromBatches } from './engine/from-batches.ts';
export { limitRows } from './engine/limit-rows.ts';
export type { PendingCall } from './engine/pending-calls.ts';
export type { Progress, RunPhase } from './engine/progress.ts';
export { type BatchReader, explain, read } from './engine/read.ts';
export { foldReceipt, type Receipt, type RowCounts, type SplitRows } from './engine/receipt.ts';
export type { MaxRejects } from './engine/reject-limit.ts';
export type { RetryPolicy } from './engine/retry.ts';
export { foldAccount, type RunAccount } from './engine/run-account.ts';
export type { RunEvent } from './engine/run-events.ts';
export type { RunOptions } from './engine/run-options.ts';
export { systemClock } from './engine/system-clock.ts';
export { type Row, rowReader, type RowStruct, type RowValue } from './rows/row-reader.ts';
export { editDistance, nearestName } from './text/nearest-name.ts';
