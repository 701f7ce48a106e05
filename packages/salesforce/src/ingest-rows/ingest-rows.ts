export {
  type Arrangement,
  type EncodedBatch,
  type EncodedRows,
  type EncodingFacts,
  type HeaderVariant,
  type IngestEncoder,
  ingestEncoder,
  type UploadRange,
} from './encode/ingest-encoder.ts';
export type { CellForm, IngestOperation, IngestPlan, IngestRequest, PlannedColumn, RowOptions } from './ingest-plan.ts';
export {
  type JobResults,
  type JoinedResults,
  type JoinFacts,
  joinResults,
  type LostJob,
  type PartJobs,
  type UnmatchedResults,
} from './join/join-results.ts';
