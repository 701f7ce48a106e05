import { claimRecordsProcessed, jsonReply } from '@sluice/salesforce-emulator';
import { expect, it } from 'vitest';

import { targetFolder } from '../test/campaign/target-folder.ts';
import { emulatedOrg, ITEMS, type EmulatedOrg } from '../test/emulated-org.ts';
import { countFromEnv } from './count-from-env.ts';
import { copyProcess } from './killed-copy.ts';
import { MEASURED } from './measured-process.ts';

const PAGE_ROWS = 50_000;
const BLOCK_ROWS = 1000;
const FIRST_ROWS = 500_000;
/** How much more memory at most than the step before: in the first one, the process has not warmed up yet. */
const STEPS = [
  { rows: 5_000_000, mostGrowth: 1.3 },
  { rows: 50_000_000, mostGrowth: 1.1 },
];
const mostRows = countFromEnv('SLUICE_SOAK_ROWS', 50_000_000);

/** Serves pages without end from one block of rows, so that the org is not what is measured. */
function servePages({ emulator: { faults } }: EmulatedOrg, rows: number): void {
  const lines = Array.from(
    { length: BLOCK_ROWS },
    (_, n) => `"${n}","${`Größe ${n} `.padEnd(150 + (n % 50), 'xyz')}"\n`,
  );
  const block = Buffer.from(lines.join(''));
  function* page(): Generator<Uint8Array> {
    yield Buffer.from('"Number__c","Text__c"\n');
    for (let row = 0; row < PAGE_ROWS; row += BLOCK_ROWS) yield block;
  }
  const headers = { 'Content-Type': 'text/csv', 'Sforce-NumberOfRecords': String(PAGE_ROWS), 'Sforce-Locator': 'null' };
  faults.add({ match: { path: /\/results/ }, action: { before: () => ({ status: 200, headers, body: page() }) } });
  faults.add({
    match: { path: /\/resultPages$/ },
    action: {
      before: ({ request }) => {
        const results = request.path.replace(/Pages$/, 's');
        const links = Array.from({ length: rows / PAGE_ROWS }, (_, n) => ({ resultUrl: `${results}?locator=${n}` }));
        return jsonReply({ resultPages: links, done: true });
      },
    },
  });
  faults.add({ match: { method: 'GET', path: /\/750\w+$/ }, action: claimRecordsProcessed(rows) });
}

/** What the process of a copy of so many rows takes of memory at most. */
async function peakOf(rows: number): Promise<number> {
  await using org = await emulatedOrg({ items: 1 });
  await using target = await targetFolder();
  servePages(org, rows);
  using client = await copyProcess(MEASURED);
  const { url, clientId, clientSecret } = org.emulator;
  const end = await client.run({
    url,
    clientId,
    clientSecret,
    gzip: false,
    parallelPages: true,
    query: ITEMS,
    dataPath: target.dataPath,
    journalPath: target.journalPath,
    batchRows: 65_536,
    partRows: PAGE_ROWS,
  });
  if (end?.kind !== 'receipt') throw new Error(`the copy did not end: ${JSON.stringify(end)}`);
  expect(end.receipt).toMatchObject({ readRows: rows, writtenRows: rows });
  return end.peakBytes;
}

it(
  'ten times the rows take hardly more memory',
  async () => {
    const found: { readonly rows: number; readonly peakMiB: number; readonly growth: number; readonly most: number }[] =
      [];
    let before = await peakOf(FIRST_ROWS);

    for (const { rows, mostGrowth } of STEPS.filter((step) => step.rows <= mostRows)) {
      const peak = await peakOf(rows);
      found.push({ rows, peakMiB: Math.round(peak / 1_048_576), growth: peak / before, most: mostGrowth });
      before = peak;
    }

    process.stdout.write(`peak memory by rows: ${JSON.stringify(found)}\n`);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(({ growth, most }) => growth > most)).toEqual([]);
  },
  120 * 60_000,
);
