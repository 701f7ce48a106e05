import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { copy, secret, SluiceError } from '@sluice/core';
import { parquet } from '@sluice/formats/parquet';
import { salesforce } from '@sluice/salesforce';
import { startEmulator } from '@sluice/salesforce-emulator';
import { files } from '@sluice/sinks';
import { localStore } from '@sluice/stores';

import { printReceipt } from './print-receipt.ts';
import { QUERIES } from './queries.ts';
import { showFiles } from './show-files.ts';
import { showProgress } from './show-progress.ts';

const OUT = fileURLToPath(new URL('out/', import.meta.url));

/** The main job on real data: queries on an emulated org to Parquet files, read back by another library. */
async function main(signal: AbortSignal): Promise<void> {
  await using emulator = await startEmulator();
  console.log(`An emulated Salesforce org is listening on ${emulator.url}.\n`);
  await using org = salesforce({
    environmentUrl: emulator.url,
    apiVersion: '64.0',
    clientId: emulator.clientId,
    clientSecret: secret.value(emulator.clientSecret),
  });

  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  for (const [name, soql] of Object.entries(QUERIES)) {
    const run = copy({
      from: org.query(soql, { poll: { firstMs: 100, startMs: 100 } }),
      to: files({ store: localStore(OUT), path: `${name}/`, format: parquet({ compression: 'zstd' }) }),
      signal,
    });
    showProgress(name, run.progress$);
    printReceipt(name, await run);
  }
  await showFiles(OUT, Object.keys(QUERIES));
  console.log(`\nThe files are in ${OUT}`);
}

const stop = new AbortController();
process.once('SIGINT', () => stop.abort(new Error('stopped')));
try {
  await main(stop.signal);
} catch (error) {
  const text = SluiceError.is(error) ? `${error.code}: ${error.message}\n${error.hint ?? ''}` : String(error);
  console.error(`error ${text}`);
  process.exitCode = stop.signal.aborted ? 130 : 1;
}
