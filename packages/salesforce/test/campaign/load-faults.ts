import {
  afterBytes,
  afterRows,
  answerWith,
  dropAt,
  dropBeforeHeaders,
  dropUpload,
  expireSession,
  failJob,
  failJobByLocks,
  type FaultAction,
  hangJob,
  lockRows,
  loseReply,
  refuseLogin,
  type RequestMatch,
  stallUpload,
  truncateAt,
  vanishJob,
  withholdReply,
} from '@sluice/salesforce-emulator';

/** The requests of a load, by what they are for. */
export const LOAD_STEPS = {
  login: { method: 'POST', path: '/services/oauth2/token' },
  describe: { method: 'GET', path: /\/describe$/ },
  limits: { method: 'GET', path: /\/limits$/ },
  create: { method: 'POST', path: /\/jobs\/ingest$/ },
  upload: { method: 'PUT', path: /\/batches$/ },
  /** Closes a job, or aborts it. */
  state: { method: 'PATCH', path: /\/jobs\/ingest\/750\w+$/ },
  poll: { method: 'GET', path: /\/jobs\/ingest\/750\w+$/ },
  successful: { method: 'GET', path: /\/successfulResults/ },
  failed: { method: 'GET', path: /\/failedResults/ },
  unprocessed: { method: 'GET', path: /\/unprocessedrecords/ },
  delete: { method: 'DELETE', path: /\/jobs\/ingest\/750\w+$/ },
} as const satisfies Readonly<Record<string, RequestMatch>>;

export type LoadStep = keyof typeof LOAD_STEPS;

export interface LoadFault {
  readonly id: string;
  readonly on: readonly LoadStep[];
  /** Every row is in the org in the end, once, when it falls on one request. */
  readonly isSurvivable: boolean;
  /** The connection stays open, and nothing comes. */
  readonly stalls?: true;
  /** The job never ends by itself. */
  readonly hangs?: true;
  /** `n` leaves open where. */
  action(n: number): FaultAction;
}

/** Known ones, in the order of a load. */
const REQUESTS: readonly LoadStep[] = ['create', 'upload', 'state', 'poll', 'successful', 'delete'];
const ANY: readonly LoadStep[] = ['login', 'describe', 'limits', ...REQUESTS, 'failed', 'unprocessed'];
const RESULTS: readonly LoadStep[] = ['successful', 'failed', 'unprocessed'];
const JOB: readonly LoadStep[] = ['create', 'upload', 'state', 'poll'];

const CONCURRENT = { errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'ConcurrentRequests Limit exceeded.' };

/** Everything that can go wrong while rows go into an org, as data to draw from. */
export const LOAD_FAULTS: readonly LoadFault[] = [
  fault('dropped before the org sees it', ANY, true, () => dropBeforeHeaders()),
  fault('reset before the org sees it', ANY, true, () => dropBeforeHeaders({ reset: true })),
  fault('answered, with the answer lost', ANY, true, () => loseReply()),
  fault('answered, with the answer lost by a reset', ANY, true, () => loseReply({ reset: true })),
  fault('answered by a gateway after its effect', ANY, true, () =>
    answerWith(504, { body: 'html', afterEffect: true }),
  ),
  fault('answered by a gateway', ANY, true, () => answerWith(502, { body: 'html' })),
  fault('sent with a session that has died', REQUESTS, true, () => expireSession()),
  fault('refused for now', ANY, true, () => answerWith(503)),
  fault('refused for seconds', ANY, true, (n) => answerWith(503, { body: 'empty', retryAfter: 1 + (n % 30) })),
  fault('refused as too many', ANY, true, () => answerWith(429, { errorCode: 'REQUEST_LIMIT' })),
  fault('refused as too many at once', REQUESTS, true, () => answerWith(403, CONCURRENT)),
  { ...fault('answered never', REQUESTS, true, () => withholdReply()), stalls: true },
  fault('cut at once', ['upload'], true, () => dropUpload(0)),
  fault('cut within the rows', ['upload'], true, (n) => dropUpload(1 + (n % 3000))),
  fault('reset within the rows', ['upload'], true, (n) => dropUpload(1 + (n % 3000), { reset: true })),
  { ...fault('stalled within the rows', ['upload'], true, (n) => stallUpload(1 + (n % 3000))), stalls: true },
  fault('refused by a proxy that wants its length', ['upload'], true, () => answerWith(411, { body: 'html' })),
  fault('cut within the answer', RESULTS, true, (n) => dropAt(afterBytes(1 + (n % 3000)))),
  fault('cut short within the answer', RESULTS, true, (n) => truncateAt(afterBytes(1 + (n % 3000)))),
  fault('cut short between rows', RESULTS, true, (n) => truncateAt(afterRows(n % 40))),
  // Jobs and rows.
  fault('for a job that fails half way', ['create'], true, () => failJob('InternalServerError : x', { afterRows: 30 })),
  fault('for a job that fails by locks', ['create'], true, () => failJobByLocks()),
  fault('for a job with locked rows', ['create'], true, (n) => lockRows(({ number }) => number % 7 === n % 7)),
  fault('for a job that fails for good', ['create'], false, () => failJob('InvalidBatch : Field name not found : X')),
  { ...fault('for a job that hangs', JOB, false, () => hangJob({ afterRows: 20 })), hangs: true },
  fault('for a job that vanishes', [...JOB, ...RESULTS], false, () => vanishJob()),
  // Answers that are none.
  fault('refused as if all calls were used up', ANY, false, () => answerWith(403)),
  fault('not found', REQUESTS, false, () => answerWith(404)),
  fault('answered by a login page', ANY, false, () => answerWith(200, { body: 'html' })),
  fault('answered by nothing', ANY, false, () => answerWith(200, { body: 'empty' })),
  fault('refused with the login', ['login'], false, () => refuseLogin('inactiveUser')),
];

function fault(id: string, on: readonly LoadStep[], isSurvivable: boolean, action: LoadFault['action']): LoadFault {
  return { id, on, isSurvivable, action };
}
