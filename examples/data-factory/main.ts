import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { loadFactory, memoryVault, type PipelineRun, runPipeline } from '@sluice/adf';
import { startEmulator } from '@sluice/salesforce-emulator';

const FACTORY = fileURLToPath(new URL('factory', import.meta.url));
const OUT = fileURLToPath(new URL('out/', import.meta.url));

/** A data factory, unchanged, against an emulated org: what there is by the middle of January 2025, then the rest. */
await rm(OUT, { recursive: true, force: true });
await using emulator = await startEmulator();
const read = await loadFactory(FACTORY);
read.requireValid('LoadChanges');

for (const until of ['2025-01-15T00:00:00Z', '2026-01-01T00:00:00Z']) {
  const { run } = await runPipeline(read.factory, {
    pipeline: 'LoadChanges',
    parameters: { until },
    factoryFolder: FACTORY,
    // In place of the Key Vault the factory names.
    vaults: memoryVault({
      'sf-url': emulator.url,
      'sf-client-id': emulator.clientId,
      'sf-secret': emulator.clientSecret,
    }),
  });
  show(run);
  if (run.status !== 'Succeeded') process.exitCode = 1;
}
console.log(`The files are in ${OUT}`);

function show({ pipelineName, status, message, variables, activityRuns }: PipelineRun): void {
  console.log(`${pipelineName} until ${JSON.stringify(variables['bound'])}: ${status} ${message}`);
  for (const { activityName, status: outcome, output } of activityRuns) {
    if (activityName !== 'CopyChanges' || typeof output !== 'object' || output === null) continue;
    const rows: unknown = 'rowsCopied' in output ? output['rowsCopied'] : undefined;
    console.log(`  ${activityName}: ${outcome}, ${String(rows)} rows`);
  }
}
