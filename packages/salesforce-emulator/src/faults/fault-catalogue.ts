import { answerWith, refuseLogin } from './answer-faults.ts';
import { damageAt, dropAt, skipHeaderRow, stallAt, timeOutAt, truncateAt } from './body-faults.ts';
import { afterBytes, afterRows, insideQuotedCell, insideUtf8 } from './body-markers.ts';
import { dropBeforeHeaders, loseReply, withholdReply } from './connection-faults.ts';
import type { FaultAction } from './fault-action.ts';
import { changeHeader, repeatLocator } from './header-faults.ts';
import { failJob, failJobByLocks, hangJob, vanishJob } from './job-faults.ts';
import { claimRecordsProcessed } from './json-faults.ts';
import {
  losePageLink,
  refuseGzip,
  reorderPageLinks,
  repeatPage,
  repeatPageLink,
  skipPage,
  swapPages,
} from './page-faults.ts';
import { REQUEST_KINDS, type RequestKind } from './request-kind.ts';
import { expireSession } from './session-faults.ts';

/** A whole number from 1 to `most`: where in a body, which of several shapes. Drawn by whoever places the fault. */
export type Draw = (most: number) => number;

export interface CataloguedFault {
  readonly id: string;
  /** The requests it can fall on. */
  readonly on: readonly RequestKind[];
  /** A correct client ends with exact data when it falls on one request; else with those or with one clear error. */
  readonly isSurvivable: boolean;
  /** The connection stays open, and nothing comes: the client waits for as long as it is told to. */
  readonly stalls?: true;
  /** The job never ends: as long as it is told to, too. */
  readonly hangs?: true;
  /** Twice in a row it tells a client to give up: a new session would not help. */
  readonly isFatalTwice?: true;
  /** Rows may come in another order than without it, where no order was asked for. */
  readonly reorders?: true;
  action(draw: Draw): FaultAction;
}

const ALL = Object.keys(REQUEST_KINDS) as readonly RequestKind[];
const WITH_SESSION = ALL.filter((kind) => kind !== 'login');
const WITH_BODY = ALL.filter((kind) => kind !== 'delete');
const PAGE: readonly RequestKind[] = ['page'];
const JOB: readonly RequestKind[] = ['create', 'poll'];
const JOB_AND_RESULT: readonly RequestKind[] = ['create', 'poll', 'pageLinks', 'page'];

const TOTAL_CALLS = { errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' };
const CONCURRENT_CALLS = {
  errorCode: 'REQUEST_LIMIT_EXCEEDED',
  message: 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.',
};
const API_DISABLED = {
  errorCode: 'API_DISABLED_FOR_ORG',
  message: 'API is not enabled for this Organization or Partner',
};
const TOO_COMPLICATED = {
  errorCode: 'QUERY_TOO_COMPLICATED',
  message: 'Query is either selecting too many fields or the filter conditions are too complicated.',
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

/** Everything that can go wrong while the result of a query job is read, as data to draw from. */
export const FAULT_CATALOGUE: readonly CataloguedFault[] = [
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
  fault('dropped in a quoted cell', PAGE, true, (draw) => dropAt(insideQuotedCell(draw(40)))),
  fault('reset in a quoted cell', PAGE, true, (draw) => dropAt(insideQuotedCell(draw(40)), { reset: true })),
  fault('dropped in a character', PAGE, true, (draw) => dropAt(insideUtf8(draw(20)))),
  fault('reset in a character', PAGE, true, (draw) => dropAt(insideUtf8(draw(20)), { reset: true })),
  fault('dropped between rows', PAGE, true, (draw) => dropAt(afterRows(draw(8)))),
  fault('ends cleanly in the body', WITH_BODY, false, (draw) => truncateAt(afterBytes(draw(40)))),
  fault('ends cleanly in a quoted cell', PAGE, false, (draw) => truncateAt(insideQuotedCell(draw(40)))),
  fault('ends cleanly in a character', PAGE, false, (draw) => truncateAt(insideUtf8(draw(20)))),
  fault('ends cleanly between rows', PAGE, false, (draw) => truncateAt(afterRows(draw(8)))),
  { ...fault('stalls after the headers', WITH_BODY, true, () => stallAt(afterBytes(0))), stalls: true },
  { ...fault('stalls in the body', WITH_BODY, true, (draw) => stallAt(afterBytes(draw(40)))), stalls: true },
  { ...fault('stalls in a quoted cell', PAGE, true, (draw) => stallAt(insideQuotedCell(draw(40)))), stalls: true },
  fault('page time limit', PAGE, true, (draw) => timeOutAt(afterRows(draw(8)))),
  fault('gzip refused', WITH_BODY, true, () => refuseGzip()),
  fault('cut as transferred', WITH_BODY, true, (draw) => dropAt(afterBytes(draw(40)), { counted: 'transferred' })),
  fault('ends cleanly as transferred', WITH_BODY, false, (draw) =>
    truncateAt(afterBytes(draw(40)), { counted: 'transferred' }),
  ),
  fault('damaged header of the body', PAGE, false, () => damageAt(afterBytes(1), { counted: 'transferred' })),
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
  fault('404', WITH_BODY, false, () => answerWith(404)),
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
  // Jobs.
  fault('query too complicated', ['create'], false, () => answerWith(400, TOO_COMPLICATED)),
  { ...fault('job stuck', JOB, false, () => hangJob()), hangs: true },
  fault('job failed', JOB, false, () => failJob('InternalServerError : Retried more than fifteen times')),
  fault('job failed by locks', JOB, false, () => failJobByLocks()),
  fault('job vanished', JOB_AND_RESULT, false, () => vanishJob()),
  fault('job counts too many rows', ['poll'], false, () => claimRecordsProcessed((rows) => rows + 1)),
  fault('job counts too few rows', ['poll'], false, () => claimRecordsProcessed((rows) => Math.max(0, rows - 1))),
  fault('job counts nothing', ['poll'], true, () => claimRecordsProcessed(null)),
  // Pages.
  fault('page announces too many rows', PAGE, false, () => announce((rows) => String(rows + 1))),
  fault('page announces too few rows', PAGE, false, () => announce((rows) => String(rows - 1))),
  fault('page announces no number', PAGE, true, () => announce(() => 'many')),
  fault('page announces nothing', PAGE, true, () => announce(() => null)),
  fault('locator missing', PAGE, false, () => changeHeader('Sforce-Locator', null)),
  fault('locator unknown', PAGE, false, () => changeHeader('Sforce-Locator', 'MTIzNDU')),
  fault('locator repeated', PAGE, false, () => repeatLocator()),
  fault('locator of the page behind', PAGE, false, () => skipPage()),
  fault('header row missing', PAGE, false, () => skipHeaderRow()),
  fault('one page for two locators', PAGE, false, () => repeatPage()),
  { ...fault('pages out of order', PAGE, false, () => swapPages()), reorders: true },
  { ...fault('links out of order', ['pageLinks'], true, () => reorderPageLinks()), reorders: true },
  fault('link repeated', ['pageLinks'], false, () => repeatPageLink()),
  fault('link missing', ['pageLinks'], false, () => losePageLink()),
];

function fault(
  id: string,
  on: readonly RequestKind[],
  isSurvivable: boolean,
  action: CataloguedFault['action'],
): CataloguedFault {
  return { id, on, isSurvivable, action };
}

function announce(change: (rows: number) => string | null): FaultAction {
  return changeHeader('Sforce-NumberOfRecords', (value) => change(Number(value)));
}
