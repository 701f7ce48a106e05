import { answerWith, refuseLogin } from './answer-faults.ts';
import { damageAt, dropAt, stallAt, timeOutAt, truncateAt } from './body-faults.ts';
import { afterBytes, afterRows, insideQuotedCell, insideUtf8 } from './body-markers.ts';
import { type CataloguedFault, fault } from './catalogued-fault.ts';
import { dropBeforeHeaders, loseReply, withholdReply } from './connection-faults.ts';
import { refuseGzip } from './page-faults.ts';
import { REQUEST_KINDS, type RequestKind } from './request-kind.ts';
import { expireSession } from './session-faults.ts';

// The keys of an object literal are its type's.
const ALL = Object.keys(REQUEST_KINDS) as readonly RequestKind[];
const WITH_SESSION = ALL.filter((kind) => kind !== 'login');
const NOT_DELETION = ALL.filter((kind) => kind !== 'delete' && kind !== 'ingestDelete');
const WITH_BODY = NOT_DELETION.filter((kind) => kind !== 'upload');
/** Of an ingest job. What its status counts shows that something is missing, and a result can be asked for again. */
const RESULTS: readonly RequestKind[] = ['successful', 'failed', 'unprocessed'];
const ROWS: readonly RequestKind[] = ['page', ...RESULTS];

const TOTAL_CALLS = { errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' };
const CONCURRENT_CALLS = {
  errorCode: 'REQUEST_LIMIT_EXCEEDED',
  message: 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.',
};
const API_DISABLED = {
  errorCode: 'API_DISABLED_FOR_ORG',
  message: 'API is not enabled for this Organization or Partner',
};
const PROXY_WANTS = { 'Proxy-Authenticate': 'Basic realm="proxy"' };

/** Statuses that say nothing about the request, which may be sent again. */
const PASSING = [406, 420, 429, 500, 502, 503, 504] as const;
/** Of these, some say when. */
const WITH_TIME = [420, 429, 500, 502, 503, 504] as const;
const BODIES = [
  ['json', 'in JSON'],
  ['html', 'in HTML'],
  ['empty', 'without a body'],
] as const;

/** What can go wrong with a request and its answer, whatever it is for. */
export const EXCHANGE_FAULTS: readonly CataloguedFault[] = [
  // The connection.
  fault('dropped before the org sees the request', ALL, true, () => dropBeforeHeaders()),
  fault('reset before the org sees the request', ALL, true, () => dropBeforeHeaders({ reset: true })),
  fault('reply lost after its effect', ALL, true, () => loseReply()),
  fault('reply lost after its effect, by a reset', ALL, true, () => loseReply({ reset: true })),
  fault('gateway timeout after the effect', ALL, true, () => answerWith(504, { body: 'html', afterEffect: true })),
  { ...fault('reply never comes', ALL, true, () => withholdReply()), stalls: true },
  // The body, as far as it comes.
  fault('dropped after the headers', WITH_BODY, true, () => dropAt(afterBytes(0))),
  fault('reset after the headers', WITH_BODY, true, () => dropAt(afterBytes(0), { reset: true })),
  fault('dropped in the body', WITH_BODY, true, (draw) => dropAt(afterBytes(draw(40)))),
  fault('reset in the body', WITH_BODY, true, (draw) => dropAt(afterBytes(draw(40)), { reset: true })),
  fault('dropped in a quoted cell', ROWS, true, (draw) => dropAt(insideQuotedCell(draw(40)))),
  fault('reset in a quoted cell', ROWS, true, (draw) => dropAt(insideQuotedCell(draw(40)), { reset: true })),
  fault('dropped in a character', ROWS, true, (draw) => dropAt(insideUtf8(draw(20)))),
  fault('reset in a character', ROWS, true, (draw) => dropAt(insideUtf8(draw(20)), { reset: true })),
  fault('dropped between rows', ROWS, true, (draw) => dropAt(afterRows(draw(8)))),
  fault('ends cleanly in the body', WITH_BODY, RESULTS, (draw) => truncateAt(afterBytes(draw(40)))),
  fault('ends cleanly in a quoted cell', ROWS, RESULTS, (draw) => truncateAt(insideQuotedCell(draw(40)))),
  fault('ends cleanly in a character', ROWS, RESULTS, (draw) => truncateAt(insideUtf8(draw(20)))),
  fault('ends cleanly between rows', ROWS, RESULTS, (draw) => truncateAt(afterRows(draw(8)))),
  { ...fault('stalls after the headers', WITH_BODY, true, () => stallAt(afterBytes(0))), stalls: true },
  { ...fault('stalls in the body', WITH_BODY, true, (draw) => stallAt(afterBytes(draw(40)))), stalls: true },
  { ...fault('stalls in a quoted cell', ROWS, true, (draw) => stallAt(insideQuotedCell(draw(40)))), stalls: true },
  fault('page time limit', ROWS, true, (draw) => timeOutAt(afterRows(draw(8)))),
  fault('gzip refused', WITH_BODY, true, () => refuseGzip()),
  fault('cut as transferred', WITH_BODY, true, (draw) => dropAt(afterBytes(draw(40)), { counted: 'transferred' })),
  fault('ends cleanly as transferred', WITH_BODY, RESULTS, (draw) =>
    truncateAt(afterBytes(draw(40)), { counted: 'transferred' }),
  ),
  fault('damaged header of the body', ROWS, RESULTS, () => damageAt(afterBytes(1), { counted: 'transferred' })),
  // Answers of the org, of its edge, of a proxy.
  { ...fault('session dies', WITH_SESSION, true, () => expireSession()), isFatalTwice: true },
  { ...fault('401', WITH_SESSION, true, () => answerWith(401)), isFatalTwice: true },
  { ...fault('401 in HTML', WITH_SESSION, true, () => answerWith(401, { body: 'html' })), isFatalTwice: true },
  { ...fault('401 without a body', WITH_SESSION, true, () => answerWith(401, { body: 'empty' })), isFatalTwice: true },
  fault('403 all calls used up', ALL, false, () => answerWith(403, TOTAL_CALLS)),
  fault('403 too many at once', WITH_SESSION, true, () => answerWith(403, CONCURRENT_CALLS)),
  fault('403 no access by the API', WITH_SESSION, false, () => answerWith(403, API_DISABLED)),
  fault('403 without a body', ALL, false, () => answerWith(403, { body: 'empty' })),
  fault('403 by a proxy', ALL, false, () => answerWith(403, { body: 'html' })),
  fault('407 by a proxy', ALL, false, () => answerWith(407, { body: 'html', headers: PROXY_WANTS })),
  // Of a deletion it would be no fault but the news that the job is gone.
  fault('404', NOT_DELETION, false, () => answerWith(404)),
  ...PASSING.flatMap((status) =>
    BODIES.map(([body, words]) => fault(`${status} ${words}`, ALL, true, () => answerWith(status, { body }))),
  ),
  ...WITH_TIME.flatMap((status) => [
    fault(`${status} for seconds`, ALL, true, (draw) => answerWith(status, { body: 'empty', retryAfter: draw(30) })),
    fault(`${status} until a date`, ALL, true, (draw) =>
      answerWith(status, { body: 'html', retryAfter: draw(30), retryAfterAsDate: true }),
    ),
  ]),
  fault('redirect', ALL, false, () => answerWith(302, { body: 'empty', headers: { Location: 'https://login.test/' } })),
  fault('login page as a success', ALL, false, () => answerWith(200, { body: 'html' })),
  fault('nothing as a success', ALL, false, () => answerWith(200, { body: 'empty' })),
  fault('login refused', ['login'], false, () => refuseLogin('inactiveUser')),
  fault('login at its rate limit', ['login'], true, () => refuseLogin('rateLimit')),
];
