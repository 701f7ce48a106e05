/**
 * Every code an error of the framework can carry.
 *
 * `retryable`: the same call may succeed later without anyone changing anything. `invalid`: what was asked for is wrong
 * in itself, and nothing was touched.
 */
export const ERROR_CODES = {
  CONFIG_INVALID: { retryable: false, invalid: true, meaning: 'An option, a file or a URL is not acceptable.' },
  SECRET_UNRESOLVED: { retryable: false, invalid: true, meaning: 'A secret reference leads to no value.' },
  PLUGIN_MISSING: { retryable: false, invalid: true, meaning: 'An optional package is not installed.' },
  CONNECTOR_MISSING: {
    retryable: false,
    invalid: true,
    meaning: 'A definition needs a connector, a format or an activity that there is none of here.',
  },
  QUERY_INVALID: { retryable: false, invalid: true, meaning: 'The query text cannot be read.' },
  QUERY_UNSUPPORTED: { retryable: false, invalid: true, meaning: 'The query uses a construct the interface refuses.' },
  EXPRESSION_INVALID: {
    retryable: false,
    invalid: true,
    meaning: 'An expression cannot be read, or refers to something that is not there.',
  },
  EXPRESSION_FAILED: { retryable: false, invalid: false, meaning: 'An expression could not be evaluated.' },
  OBJECT_UNKNOWN: {
    retryable: false,
    invalid: true,
    meaning: 'The object, table or file does not exist or is hidden from the user.',
  },
  FIELD_UNKNOWN: {
    retryable: false,
    invalid: true,
    meaning: 'The field or column does not exist or is hidden from the user.',
  },
  TYPE_UNSUPPORTED: { retryable: false, invalid: true, meaning: 'A column has a type that cannot travel this way.' },
  TARGET_EXISTS: { retryable: false, invalid: false, meaning: 'Something is already there, and the mode is create.' },
  TARGET_UNWRITABLE: { retryable: false, invalid: false, meaning: 'The target cannot be written to.' },
  AUTH_REJECTED: {
    retryable: false,
    invalid: false,
    meaning: 'The remote side refused the credentials or the session.',
  },
  PERMISSION_DENIED: { retryable: false, invalid: false, meaning: 'The user may not do this.' },
  NOT_FOUND: { retryable: false, invalid: false, meaning: 'A file or remote resource is not there.' },
  QUOTA_EXCEEDED: { retryable: false, invalid: false, meaning: 'An allocation is used up for hours or for good.' },
  RATE_LIMITED: { retryable: true, invalid: false, meaning: 'Too many requests just now.' },
  REMOTE_UNAVAILABLE: { retryable: true, invalid: false, meaning: 'The remote side cannot answer just now.' },
  CONNECTION_LOST: { retryable: true, invalid: false, meaning: 'The connection failed or was cut.' },
  RESPONSE_TRUNCATED: { retryable: true, invalid: false, meaning: 'A response ended before all of it had arrived.' },
  RESPONSE_INVALID: {
    retryable: false,
    invalid: false,
    meaning: 'The remote side answered something that makes no sense.',
  },
  REMOTE_REFUSED: {
    retryable: false,
    invalid: false,
    meaning: 'The remote side refused the request for a reason of its own.',
  },
  COUNT_MISMATCH: {
    retryable: false,
    invalid: false,
    meaning: 'The rows received are not as many as the remote side says.',
  },
  JOB_FAILED: { retryable: false, invalid: false, meaning: 'A remote job ended in failure.' },
  JOB_GONE: { retryable: false, invalid: false, meaning: 'A remote job or its results no longer exist.' },
  WAIT_TIMEOUT: { retryable: false, invalid: false, meaning: 'Waiting was given up; the remote work goes on.' },
  DEADLINE_EXCEEDED: {
    retryable: false,
    invalid: false,
    meaning: 'The time allowed ran out and the remote work was ended.',
  },
  ROW_MALFORMED: {
    retryable: false,
    invalid: false,
    meaning: 'Bytes that are no row: a stray quote, too few cells, text that is not UTF-8.',
  },
  VALUE_INVALID: { retryable: false, invalid: false, meaning: 'A value does not fit its column.' },
  ROWS_REJECTED: { retryable: false, invalid: false, meaning: 'More rows were rejected than the run allows.' },
  ROWS_IN_DOUBT: {
    retryable: false,
    invalid: false,
    meaning: 'Of more rows than the run allows, nobody can say whether they were written.',
  },
  SCHEMA_CHANGED: { retryable: false, invalid: false, meaning: 'The remote side no longer has the planned schema.' },
  SOURCE_CHANGED: { retryable: false, invalid: false, meaning: 'Rows read again are not the rows read before.' },
  POSITION_UNSUPPORTED: {
    retryable: false,
    invalid: false,
    meaning: 'A plan, split or position was written by a version this one cannot read.',
  },
  FILE_CORRUPT: { retryable: false, invalid: false, meaning: 'A file is cut short or damaged.' },
  STORAGE_FULL: { retryable: false, invalid: false, meaning: 'The disk or store is full.' },
  IO_FAILED: { retryable: false, invalid: false, meaning: 'The operating system refused an operation on a file.' },
  STAGED_DATA_LOST: { retryable: false, invalid: false, meaning: 'Data prepared for a commit is gone.' },
  RECEIPT_UNBALANCED: {
    retryable: false,
    invalid: false,
    meaning: 'Rows read are not rows written plus rows rejected.',
  },
  RUN_LOCKED: { retryable: false, invalid: false, meaning: 'Another process holds this run.' },
  RUN_MISMATCH: { retryable: false, invalid: true, meaning: 'The run id belongs to a run with another configuration.' },
  RUN_NOT_FOUND: { retryable: false, invalid: true, meaning: 'The journal has no such run.' },
  RUN_ABANDONED: { retryable: false, invalid: true, meaning: 'The run was abandoned and cannot go on.' },
  JOURNAL_UNREADABLE: { retryable: false, invalid: false, meaning: 'The journal is damaged or of a later version.' },
  CONTRACT_UNSUPPORTED: {
    retryable: false,
    invalid: true,
    meaning: 'A plugin was made for another version of the contract.',
  },
  CONTRACT_BROKEN: { retryable: false, invalid: false, meaning: 'A plugin did what its contract forbids.' },
  INTERNAL: { retryable: false, invalid: false, meaning: 'A defect of the framework.' },
} as const satisfies Record<
  string,
  { readonly retryable: boolean; readonly invalid: boolean; readonly meaning: string }
>;

export type ErrorCode = keyof typeof ERROR_CODES;
