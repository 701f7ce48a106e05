import { randomUUID } from 'node:crypto';

import { type Clock, type ErrorCode, type Logger, type Random, SluiceError, systemClock } from '@sluice/core';

import { abandonCopies } from '../copy/abandon-copies.ts';
import { runCopyActivity } from '../copy/copy-activity.ts';
import type { DataOptions } from '../copy/data-options.ts';
import { runLookupActivity } from '../copy/lookup-activity.ts';
import { requireConnectors } from '../copy/start-check.ts';
import type { Factory } from '../definition/factory.ts';
import type { ExpressionObject } from '../expression/expression-value.ts';
import { runScriptActivity } from '../script/script-activity.ts';
import { VaultCache } from '../secrets/vault-cache.ts';
import type { VaultProvider } from '../secrets/vault-provider.ts';
import { messageOf } from './activity-error.ts';
import { Redaction } from './redaction.ts';
import { refusedRun } from './refused-run.ts';
import type { PipelineEvent } from './run-engine.ts';
import type { PastRun, RunHistories } from './run-history.ts';
import { type PipelineResult, runFactoryPipeline } from './run-pipeline.ts';

export interface RunPipelineOptions extends Partial<Omit<DataOptions, 'vaults'>> {
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** Values by name; those left out have their defaults. */
  readonly parameters?: ExpressionObject;
  /** Where secrets of vaults come from. Default: nowhere. */
  readonly vaults?: VaultProvider;
  /** Default: a random one. */
  readonly runId?: string;
  /** Refuse what Data Factory refuses and we do not, such as ORDER BY. Default: false. */
  readonly strict?: boolean;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Ids of runs: 32 hexadecimal digits in five groups. Default: random. */
  readonly newId?: () => string;
  readonly log?: Logger;
  readonly onEvent?: (event: PipelineEvent) => void;
  /** Where the run is kept while it goes on. Default: nowhere. */
  readonly histories?: RunHistories;
  /** A run that failed, from `histories`: what succeeded in it is not run again. */
  readonly past?: PastRun;
}

/** What a run does not begin for. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'CONNECTOR_MISSING',
  'RUN_LOCKED',
  'JOURNAL_UNREADABLE',
  'IO_FAILED',
]);

/**
 * Runs a pipeline of a factory, and those it runs, in this process.
 *
 * It fails by its record: whatever goes wrong once it has begun is the status and the message of the run. The
 * definitions are to have been checked (`ReadFactory.requireValid`).
 *
 * @throws `CONFIG_INVALID` when there is no such pipeline.
 */
export async function runPipeline(factory: Factory, options: RunPipelineOptions): Promise<PipelineResult> {
  const {
    vaults,
    factoryFolder = process.cwd(),
    defaultApiVersion,
    decimals,
    binaryFields,
    timestamps,
    ...run
  } = options;
  try {
    requireConnectors(factory, run.pipeline);
    await endPastCopies(factory, options);
  } catch (error) {
    if (!SluiceError.is(error) || !REFUSALS.has(error.code)) throw error;
    const clock = run.clock ?? systemClock;
    return {
      run: refusedRun(run.pipeline, `${error.code}: ${messageOf(error)}`, clock.now(), run.runId),
      childRuns: [],
    };
  }
  const runId = run.runId ?? (run.newId ?? randomUUID)();
  const copies = run.histories?.copiesOf(runId);
  const redaction = new Redaction();
  const data: DataOptions = {
    vaults: new VaultCache(vaults),
    factoryFolder,
    ...(copies === undefined ? {} : { copies }),
    ...(defaultApiVersion === undefined ? {} : { defaultApiVersion }),
    ...(decimals === undefined ? {} : { decimals }),
    ...(binaryFields === undefined ? {} : { binaryFields }),
    ...(timestamps === undefined ? {} : { timestamps }),
  };
  return await runFactoryPipeline({
    ...run,
    runId,
    factory,
    redaction,
    data: {
      copy: async (activity, parts) => await runCopyActivity(activity, parts, data),
      lookup: async (activity, parts) => await runLookupActivity(activity, parts, data),
      script: async (activity, parts) => await runScriptActivity(activity, parts, data),
    },
  });
}

/** Whatever the process of the run before left behind when it was killed is in the way of this one. */
async function endPastCopies(factory: Factory, options: RunPipelineOptions): Promise<void> {
  const { past, histories, log } = options;
  if (past === undefined || histories === undefined) return;
  for (const { kind, id, reason } of await abandonCopies(factory, histories.copiesOf(past.runId), options)) {
    log?.warn('the run before left something behind', { kind, id, reason });
  }
}
