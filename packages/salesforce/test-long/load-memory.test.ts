import { expect, it } from 'vitest';

import { targetFolder } from '../test/campaign/target-folder.ts';
import { ingestOrg } from '../test/ingest-org.ts';
import { scriptProcess } from './killed-copy.ts';
import { MEASURED } from './measured-process.ts';

/** Several jobs, so that the process has warmed up. */
const FIRST_ROWS = 500_000;
const MORE_ROWS = 5_000_000;
const MILLION = 1_000_000;
const MOST_GROWTH = 1.3;

interface Load {
  /** Of memory, in the process of the load. */
  readonly peakBytes: number;
  readonly apiCalls: number;
}

async function loadOf(massRows: number): Promise<Load> {
  await using target = await ingestOrg({ emulator: { ingest: { chunksPerPoll: 500 } } });
  await using folder = await targetFolder();
  using client = await scriptProcess('./load-process.ts', MEASURED);
  const { url, clientId, clientSecret } = target.emulator;
  const schedule = {
    faults: [],
    deaths: [],
    resumes: 0,
    hasParents: false,
    hasTwins: false,
    takesRejects: false,
    deleteJobs: false,
  };
  const end = await client.run({ url, clientId, clientSecret, schedule, massRows, journalPath: folder.journalPath });
  if (end?.kind !== 'receipt') throw new Error(`the load did not end: ${JSON.stringify(end)}`);
  expect(end.receipt).toMatchObject({ readRows: massRows, writtenRows: massRows });
  const calls = Object.values(end.receipt.apiCalls).reduce((sum, some) => sum + some, 0);
  return { peakBytes: end.peakBytes, apiCalls: calls };
}

it(
  'ten times the rows loaded take hardly more memory',
  async () => {
    const { peakBytes: first } = await loadOf(FIRST_ROWS);

    const { peakBytes: peak } = await loadOf(MORE_ROWS);

    process.stdout.write(
      `peak memory of ${MORE_ROWS} rows: ${Math.round(peak / 1_048_576)} MiB, ${(peak / first).toFixed(2)} times that of ${FIRST_ROWS}\n`,
    );
    expect(peak / first).toBeLessThan(MOST_GROWTH);
  },
  60 * 60_000,
);

it(
  'a million rows take as many API calls as is said',
  async () => {
    const { apiCalls } = await loadOf(MILLION);

    process.stdout.write(`${MILLION} rows in ${apiCalls} API calls\n`);
    expect(apiCalls).toBeLessThanOrEqual(100);
  },
  60 * 60_000,
);
