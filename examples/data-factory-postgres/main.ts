import { fileURLToPath } from 'node:url';

import { loadFactory, memoryVault, type PipelineRun, runPipeline } from '@sluice/adf';
import { openDefaultOrg, startEmulator } from '@sluice/salesforce-emulator';

import { startPostgres } from '../../test/servers/postgres-server.ts';
import { recordsOf } from './records-of.ts';

const FACTORY = fileURLToPath(new URL('factory', import.meta.url));

/**
 * A data factory, unchanged: an org's changes into PostgreSQL and on into another org, for what there is by the middle of
 * January 2025, and then for the rest.
 */
await using server = await startPostgres();
await using crm = await startEmulator();
await using standby = await startEmulator({ org: openDefaultOrg({ empty: true }) });
const read = await loadFactory(FACTORY);
read.requireValid();

// In place of the Key Vault the factory names.
const vaults = memoryVault({
  'crm-url': crm.url,
  'crm-client-id': crm.clientId,
  'crm-secret': crm.clientSecret,
  'standby-url': standby.url,
  'standby-client-id': standby.clientId,
  'standby-secret': standby.clientSecret,
  'pg-server': `${server.options.host}:${server.options.port}`,
  'pg-user': server.options.user,
  'pg-password': 'not asked for',
});

await run('Prepare');
for (const until of ['2025-01-15T00:00:00Z', '2026-01-01T00:00:00Z']) {
  console.log(`\nUntil ${until}:`);
  await run('OrgToWarehouse', { until });
  await run('WarehouseToOrg');
}

const [before, after] = [await recordsOf(crm), await recordsOf(standby)];
const isEqual = before.size === after.size && [...before].every((record) => after.has(record));
console.log(`\n${before.size} records, and ${isEqual ? 'each of them is' : 'they are NOT all'} in the other org.`);
if (!isEqual) process.exitCode = 1;

async function run(pipeline: string, parameters: Readonly<Record<string, string>> = {}): Promise<void> {
  const result = await runPipeline(read.factory, { pipeline, parameters, factoryFolder: FACTORY, vaults });
  show(result.run);
  if (result.run.status !== 'Succeeded') process.exitCode = 1;
}

function show({ pipelineName, status, message, activityRuns }: PipelineRun): void {
  const copied = activityRuns.flatMap(({ activityName, output }) =>
    activityName === 'CopyDelta' && typeof output === 'object' && output !== null && 'rowsCopied' in output
      ? [`${JSON.stringify(output['rowsCopied'])} rows`]
      : [],
  );
  console.log(`  ${pipelineName}: ${status} ${message}${copied.join(', ')}`);
}
