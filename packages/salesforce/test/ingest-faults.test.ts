import {
  afterBytes,
  answerWith,
  dropAt,
  dropBeforeHeaders,
  dropUpload,
  expireSession,
  loseReply,
  truncateAt,
  type FaultAction,
} from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import { ingestOrg, items, load, numbersIn, unfinishedJobs } from './ingest-org.ts';

const ROWS = 300;
const EXPECTED: readonly number[] = Array.from({ length: ROWS }, (_, n) => n);

/** The requests of a load by what they are for. */
const STEPS = {
  describe: { method: 'GET', path: /\/describe$/ },
  limits: { method: 'GET', path: /\/limits$/ },
  create: { method: 'POST', path: /\/jobs\/ingest$/ },
  upload: { method: 'PUT', path: /\/batches$/ },
  close: { method: 'PATCH', path: /\/jobs\/ingest\/750\w+$/ },
  poll: { method: 'GET', path: /\/jobs\/ingest\/750\w+$/ },
  successful: { method: 'GET', path: /\/successfulResults/ },
  delete: { method: 'DELETE', path: /\/jobs\/ingest\/750\w+$/ },
} as const;

type Step = keyof typeof STEPS;

const ALL: readonly Step[] = ['create', 'upload', 'close', 'poll', 'successful', 'delete'];
const RESULTS: readonly Step[] = ['successful'];

/** Faults that a load survives, and the requests they can fall on. */
const FAULTS: readonly (readonly [what: string, steps: readonly Step[], action: () => FaultAction])[] = [
  ['dropped before the org sees it', ALL, () => dropBeforeHeaders()],
  ['reset before the org sees it', ALL, () => dropBeforeHeaders({ reset: true })],
  ['answered, with the answer lost', ALL, () => loseReply()],
  ['answered, with the answer lost by a reset', ALL, () => loseReply({ reset: true })],
  ['answered by a gateway after its effect', ALL, () => answerWith(504, { body: 'html', afterEffect: true })],
  ['answered by a gateway', ALL, () => answerWith(502, { body: 'html' })],
  ['sent with a session that has died', ALL, () => expireSession()],
  ['refused for now', ALL, () => answerWith(503)],
  ['refused as too many', ALL, () => answerWith(429, { errorCode: 'REQUEST_LIMIT' })],
  [
    'refused as too many at once',
    ALL,
    () => answerWith(403, { errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'ConcurrentRequests Limit exceeded.' }),
  ],
  ['cut at once', ['upload'], () => dropUpload(0)],
  ['cut within the rows', ['upload'], () => dropUpload(1000)],
  ['reset within the rows', ['upload'], () => dropUpload(1000, { reset: true })],
  ['refused by a proxy that wants its length', ['upload'], () => answerWith(411, { body: 'html' })],
  ['cut within the answer', RESULTS, () => dropAt(afterBytes(700))],
  ['cut short within a row', RESULTS, () => truncateAt(afterBytes(700))],
  ['answered by nothing but a header row', RESULTS, () => truncateAt(afterBytes(60))],
];

const CASES = FAULTS.flatMap(([what, steps, action]) => steps.map((step) => ({ step, what, action })));

describe('a load whose request', () => {
  it.each(CASES)('to $step is $what ends with every row once, and no job unfinished', async ({ step, action }) => {
    await using target = await ingestOrg();
    target.emulator.faults.add({ match: { ...STEPS[step], nth: 2 }, action: action() });

    const receipt = await load(target, { rows: items(ROWS), ingest: { writeBatchSize: 100, deleteJobs: true } });

    expect(receipt).toMatchObject({ readRows: ROWS, writtenRows: ROWS, rejectedRows: 0 });
    expect(numbersIn(target)).toEqual(EXPECTED);
    const orphans = receipt.notes.filter(({ code }) => code === 'INGEST_JOB_UNACKNOWLEDGED').length;
    expect(unfinishedJobs(target).length).toBeLessThanOrEqual(orphans);
  });
});
