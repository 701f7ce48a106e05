import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { secret, SluiceError } from '@sluice/core';
import { postgres } from '@sluice/postgres';
import { type OrgOptions, salesforce } from '@sluice/salesforce';
import { type Emulator, openDefaultOrg, startEmulator } from '@sluice/salesforce-emulator';
import { localStore } from '@sluice/stores';

import { startPostgres } from '../../test/servers/postgres-server.ts';
import { compareOrgs } from '../demo/compare-orgs.ts';
import { loadAll } from '../demo/load-org.ts';
import { databaseToFiles } from './database-to-files.ts';
import { databaseToOrg } from './database-to-org.ts';
import { orgToDatabase } from './org-to-database.ts';
import { raisePrices } from './raise-prices.ts';

const OUT = fileURLToPath(new URL('out/', import.meta.url));

/** An org's objects to PostgreSQL, on to Parquet files and into another org; then what has changed, and that alone. */
async function main(signal: AbortSignal): Promise<void> {
  await using server = await startPostgres();
  await using one = await startEmulator();
  await using other = await startEmulator({ org: openDefaultOrg({ empty: true }) });
  const db = postgres(server.options);
  await using org = salesforce(connectionOf(one));
  await using otherOrg = salesforce(connectionOf(other));
  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  const store = localStore(OUT);

  console.log('From an org to PostgreSQL, to Parquet files, and into an org without records:');
  await orgToDatabase({ org, db, signal });
  await databaseToFiles({ db, store, signal });
  await loadAll({ org: otherOrg, store, signal });
  await compareOrgs(org, otherOrg);

  console.log('\nSome records change in the first org, and those follow:');
  await raisePrices({ org, db, signal });
  const since = await orgToDatabase({ org, db, signal });
  await databaseToOrg({ org: otherOrg, db, signal }, since);
  await compareOrgs(org, otherOrg);
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
