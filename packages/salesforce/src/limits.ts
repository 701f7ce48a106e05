/**
 * Limits of the vendor, with the page they are from. Read 2026-11.
 */

/** Bulk API 2.0 query jobs exist from here on. Bulk API 2.0 Developer Guide, "Create a Query Job". */
export const MIN_API_VERSION = 47;

/** `resultPages` exists from here on. Bulk API 2.0 Developer Guide, "Get Parallel Results for a Query Job". */
export const MIN_PARALLEL_PAGES_API_VERSION = 58;

/** A page is open at most 20 minutes on the server; about this many bytes leave a slow sink time enough. */
export const TARGET_PAGE_BYTES = 32 * 1024 * 1024;

/** No official upper bound for `maxRecords` is published; other clients ask for no more than this. */
export const MAX_PAGE_ROWS = 250_000;

/** Fewer rows a page would spend more on requests than on rows. */
export const MIN_PAGE_ROWS = 2_000;

/** Results of a query job are kept this long. Bulk API 2.0 Developer Guide, "Limits". */
export const RESULT_RETENTION_DAYS = 7;

/** The longest query that is read, in characters. SOQL and SOSL Reference, "SOQL SELECT Syntax". */
export const MAX_SOQL_CHARACTERS = 100_000;

/** Levels a path climbs from child to parent. SOQL and SOSL Reference, "Relationship Query Limitations". */
export const MAX_PARENT_LEVELS = 5;

/** Rows of a query that selects FIELDS(ALL) or FIELDS(CUSTOM). SOQL and SOSL Reference, "FIELDS()". */
export const MAX_ROWS_OF_ALL_FIELDS = 200;

/** Characters of the header row of an upload. Bulk API 2.0 Developer Guide, "Limits". */
export const MAX_UPLOAD_HEADER_CHARACTERS = 32_000;

/** Columns of an upload, as fields of a record. Bulk API 2.0 Developer Guide, "Limits". */
export const MAX_UPLOAD_COLUMNS = 5_000;

/** Characters of a cell of an upload. Bulk API 2.0 Developer Guide, "Limits". */
export const MAX_CELL_CHARACTERS = 131_072;

/** Characters of a row of an upload. Bulk API 2.0 Developer Guide, "Limits". */
export const MAX_ROW_CHARACTERS = 400_000;

/**
 * Bytes of an upload that are safe: an org takes 150 MB after its own base64 encoding. Bulk API 2.0 Developer Guide,
 * "Upload Job Data".
 */
export const MAX_UPLOAD_BYTES = 100_000_000;

/** Rows of an internal batch, each of which counts against `DailyBulkApiBatches`. Same guide, "Limits". */
export const BULK_BATCH_ROWS = 10_000;

/** Fewer rows a job cost more calls and waiting than they should, more of them risk time-outs. Azure Data Factory advises this. */
export const ADVISED_JOB_ROWS: { readonly from: number; readonly to: number } = { from: 10_000, to: 200_000 };

/**
 * Headers of a part, each of which is a job: a bound of ours, since rows whose lookups are null in ever other combinations
 * would use up `DailyBulkApiBatches` with jobs of a few rows.
 */
export const MAX_PART_HEADERS = 64;

/** `assignmentRuleId` exists from here on. Bulk API 2.0 Developer Guide, "Create a Job". */
export const MIN_ASSIGNMENT_RULE_API_VERSION = 49;

/** Rows of detail that a run of a report gives. Reports and Dashboards REST API Developer Guide, "Limits". */
export const MAX_REPORT_ROWS = 2_000;

/** More than 2,000 rows of 100 columns ever take. */
export const MAX_REPORT_RESULT_BYTES = 256 * 1024 * 1024;
