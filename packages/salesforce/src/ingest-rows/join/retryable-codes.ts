/**
 * Status codes of rows that may be taken when sent again, without anyone changing anything. SOAP API Developer Guide,
 * "StatusCode", read 2026-11.
 */
export const RETRYABLE_ROW_CODES: ReadonlySet<string> = new Set([
  'UNABLE_TO_LOCK_ROW',
  'SERVER_UNAVAILABLE',
  'REQUEST_RUNNING_TOO_LONG',
  'QUERY_TIMEOUT',
  'INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE',
]);
