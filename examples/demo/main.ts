import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { copy, secret, SluiceError } from '@sluice/core';
import { parquet } from '@sluice/formats/parquet';
import { type OrgOptions, salesforce, type SalesforceOrg } from '@sluice/salesforce';
import { type Emulator, openDefaultOrg, startEmulator } from '@sluice/salesforce-emulator';
import { files } from '@sluice/sinks';
import { localStore } from '@sluice/stores';

import { compareOrgs } from './compare-orgs.ts';
import { loadAll, loadLighthouse, raisePrices, withRaisedPrice } from './load-org.ts';
import { printReceipt } from './print-receipt.ts';
import { QUERIES } from './queries.ts';
import { showFiles } from './show-files.ts';
import { showProgress } from './show-progress.ts';

const OUT = fileURLToPath(new URL('out/', import.meta.url));

/** The main job on real data: queries on an emulated org to Parquet files, read back by another library, and into an org. */
async function main(signal: AbortSignal): Promise<void> {
  await using emulator = await startEmulator();
  console.log(`An emulated Salesforce org is listening on ${emulator.url}.\n`);
  await using org = salesforce(connectionOf(emulator));

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
  await thereAndBack(org, signal);
  console.log(`\nThe files are in ${OUT}`);
}

/** The other direction: those files into an org without records, changed there, and read back. */
async function thereAndBack(from: SalesforceOrg, signal: AbortSignal): Promise<void> {
  await using emulator = await startEmulator({ org: openDefaultOrg({ empty: true }) });
  console.log(`\nAnother org, without records, is listening on ${emulator.url}.\n`);
  await using org = salesforce(connectionOf(emulator));
  const options = { org, store: localStore(OUT), signal };
  await loadAll(options);
  await raisePrices(options);
  await loadLighthouse(options);
  await compareOrgs(from, org, withRaisedPrice);
}

function connectionOf({ url, clientId, clientSecret }: Emulator): OrgOptions {
  return { environmentUrl: url, apiVersion: '64.0', clientId, clientSecret: secret.value(clientSecret) };
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
