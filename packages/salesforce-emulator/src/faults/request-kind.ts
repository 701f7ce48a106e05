import type { RequestMatch } from '../http/request-match.ts';

/** The requests of a client that reads the result of a query job or loads rows, from its login on, by what they are for. */
export const REQUEST_KINDS = {
  login: { method: 'POST', path: '/services/oauth2/token' },
  versions: { method: 'GET', path: /^\/services\/data\/?$/ },
  resources: { method: 'GET', path: /^\/services\/data\/v[\d.]+\/?$/ },
  restQuery: { method: 'GET', path: /\/query\/?\?/ },
  describe: { method: 'GET', path: /\/sobjects\/\w+\/describe\/?$/ },
  limits: { method: 'GET', path: /\/limits(\/recordCount)?\/?$/ },
  create: { method: 'POST', path: '/jobs/query' },
  poll: { method: 'GET', path: /\/jobs\/query\/750\w+$/ },
  pageLinks: { method: 'GET', path: /\/resultpages\b/i },
  page: { method: 'GET', path: /\/results(\?|$)/ },
  abort: { method: 'PATCH', path: /\/jobs\/query\/750\w+$/ },
  delete: { method: 'DELETE', path: /\/jobs\/query\/750\w+$/ },
  ingestCreate: { method: 'POST', path: '/jobs/ingest' },
  upload: { method: 'PUT', path: '/batches' },
  close: { method: 'PATCH', path: /\/jobs\/ingest\/750\w+$/, body: /"UploadComplete"/ },
  ingestPoll: { method: 'GET', path: /\/jobs\/ingest\/750\w+$/ },
  successful: { method: 'GET', path: '/successfulResults' },
  failed: { method: 'GET', path: '/failedResults' },
  unprocessed: { method: 'GET', path: /\/unprocessedrecords\/?$/i },
  ingestAbort: { method: 'PATCH', path: /\/jobs\/ingest\/750\w+$/, body: /"Aborted"/ },
  ingestDelete: { method: 'DELETE', path: /\/jobs\/ingest\/750\w+$/ },
} as const satisfies Readonly<Record<string, RequestMatch>>;

export type RequestKind = keyof typeof REQUEST_KINDS;

const BEFORE_JOBS = ['login', 'versions', 'resources', 'restQuery', 'describe', 'limits'] as const;

/** Those that read the result of a query job. */
export const QUERY_KINDS = [...BEFORE_JOBS, 'create', 'poll', 'pageLinks', 'page', 'abort', 'delete'] as const;

/** Those that load rows by ingest jobs. */
export const INGEST_KINDS = [
  ...BEFORE_JOBS,
  'ingestCreate',
  'upload',
  'close',
  'ingestPoll',
  'successful',
  'failed',
  'unprocessed',
  'ingestAbort',
  'ingestDelete',
] as const;

export type QueryKind = (typeof QUERY_KINDS)[number];
export type IngestKind = (typeof INGEST_KINDS)[number];
