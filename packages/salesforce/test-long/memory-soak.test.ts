import { claimRecordsProcessed, jsonReply } from '@sluice/salesforce-emulator';
import { expect, it } from 'vitest';

import { targetFolder } from '../test/campaign/target-folder.ts';
import { emulatedOrg, ITEMS, type EmulatedOrg } from '../test/emulated-org.ts';
import { countFromEnv } from './count-from-env.ts';
import { copyProcess } from './killed-copy.ts';

const PAGE_ROWS = 50_000;
const BLOCK_ROWS = 1000;
const FEW_ROWS = 500_000;
const MANY_ROWS = countFromEnv('SLUICE_SOAK_ROWS', 5_000_000);
const MOST_GROWTH = 1.3;

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
  using client = await copyProcess();
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
  `${MANY_ROWS} rows take at most ${MOST_GROWTH} times the memory of ${FEW_ROWS}`,
  async () => {
    const few = await peakOf(FEW_ROWS);
    const many = await peakOf(MANY_ROWS);

    const megabytes = [few, many].map((bytes) => Math.round(bytes / 1_048_576));
    process.stdout.write(`peak memory: ${megabytes.join(' MiB, then ')} MiB; ${(many / few).toFixed(2)} times\n`);
    expect(many / few).toBeLessThan(MOST_GROWTH);
  },
  120 * 60_000,
);
