import { describe, expect, it } from 'vitest';

import { LOAD_FAULTS, LOAD_STEPS, type LoadStep } from './campaign/load-faults.ts';
import { ingestOrg, items, load, numbersIn, unfinishedJobs } from './ingest-org.ts';

const ROWS = 90;
const EXPECTED: readonly number[] = Array.from({ length: ROWS }, (_, n) => n);

/** Requests that are made once, or where something was wrong before. */
const UNUSUAL: ReadonlySet<LoadStep> = new Set(['login', 'describe', 'limits', 'failed', 'unprocessed']);

const CASES = LOAD_FAULTS.filter(({ isSurvivable, stalls }) => isSurvivable && stalls !== true).flatMap(
  ({ id, on, action }) => on.flatMap((step) => (UNUSUAL.has(step) ? [] : { step, what: id, action })),
);

describe('a load whose request', () => {
  it.each(CASES)('to $step is $what ends with every row once, and no job unfinished', async ({ step, action }) => {
    await using target = await ingestOrg();
    target.emulator.faults.add({ match: { ...LOAD_STEPS[step], nth: 2 }, action: action(700) });

    const receipt = await load(target, { rows: items(ROWS), ingest: { writeBatchSize: 30, deleteJobs: true } });

    expect(receipt).toMatchObject({ readRows: ROWS, writtenRows: ROWS, rejectedRows: 0 });
    expect(numbersIn(target)).toEqual(EXPECTED);
    const orphans = receipt.notes.filter(({ code }) => code === 'INGEST_JOB_UNACKNOWLEDGED').length;
    expect(unfinishedJobs(target).length).toBeLessThanOrEqual(orphans);
  });
});
