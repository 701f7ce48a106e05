import { randomUUID } from 'node:crypto';

import { type Clock, type Logger, type Random, systemClock } from '@sluice/core';

import type { Factory } from '../definition/factory.ts';
import type { ExpressionObject } from '../expression/expression-value.ts';
import { performActivity } from './activity-work.ts';
import { requirePipeline } from './find-definition.ts';
import { runPipelineOnce } from './pipeline-run.ts';
import { redactedLog } from './redacted-log.ts';
import type { Redaction } from './redaction.ts';
import type {
  DataActivities,
  EndedPipeline,
  PipelineEvent,
  PipelineStart,
  RunEngine,
  StartedPipeline,
} from './run-engine.ts';
import { RunGate } from './run-gate.ts';
import type { PastRun, RunHistories } from './run-history.ts';
import type { PipelineRun } from './run-record.ts';

export interface PipelineRunOptions {
  readonly factory: Factory;
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** Values by name; those left out have their defaults. */
  readonly parameters?: ExpressionObject;
  /** Default: a random one. */
  readonly runId?: string;
  readonly data: DataActivities;
  readonly redaction: Redaction;
  /** Refuse what Data Factory refuses and we do not. */
  readonly strict?: boolean;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly random?: Random;
  /** 32 hexadecimal digits in five groups. Default: random. */
  readonly newId?: () => string;
  readonly log?: Logger;
  readonly onEvent?: (event: PipelineEvent) => void;
  /** Where the run is kept while it goes on. Default: nowhere. */
  readonly histories?: RunHistories;
  /** A run that failed: what succeeded in it is not run again. */
  readonly past?: PastRun;
}

export interface PipelineResult {
  readonly run: PipelineRun;
  /** Runs of the pipelines that it ran, in the order they ended. */
  readonly childRuns: readonly PipelineRun[];
}

const silent = (): void => {};
const SILENT: Logger = { debug: silent, info: silent, warn: silent, error: silent };

/**
 * Runs a pipeline, and those it runs, in this process. What was started without being waited for is waited for at the
 * end, since nothing goes on once the process is gone.
 *
 * It fails by its record: whatever goes wrong once it has begun is the status and the message of the run.
 *
 * @throws `CONFIG_INVALID` when there is no such pipeline.
 */
export async function runFactoryPipeline(options: PipelineRunOptions): Promise<PipelineResult> {
  const { factory, clock = systemClock, random = Math.random, newId = randomUUID, log = SILENT } = options;
  const { signal = new AbortController().signal, onEvent = silent } = options;
  const runId = options.runId ?? newId();
  const gates = new Map<string, RunGate>();
  const unawaited = new Set<Promise<EndedPipeline>>();
  const childRuns: PipelineRun[] = [];

  const engine: RunEngine = {
    factory,
    clock,
    random,
    newId,
    log: redactedLog(log, options.redaction),
    redaction: options.redaction,
    data: options.data,
    strict: options.strict === true,
    signal,
    perform: performActivity,
    emit(event) {
      if (event.kind === 'pipelineEnded' && event.run.runId !== runId) childRuns.push(event.run);
      onEvent(event);
    },
    startPipeline(start) {
      const child = started(start, newId());
      unawaited.add(child.ended);
      return child;
    },
  };

  function started(start: PipelineStart, id: string): StartedPipeline {
    return { runId: id, ended: runInTurn(start, id) };
  }

  async function runInTurn(start: PipelineStart, id: string): Promise<EndedPipeline> {
    const { concurrency } = start.pipeline.properties;
    if (concurrency === undefined) return await runPipelineOnce(engine, id, start);
    const key = start.pipeline.name.toLowerCase();
    const gate = gates.get(key) ?? new RunGate(concurrency);
    gates.set(key, gate);
    try {
      await gate.enter(start.signal);
    } catch (error) {
      // A run that was cancelled in line has a record, too.
      if (start.signal.aborted) return await runPipelineOnce(engine, id, start);
      throw error;
    }
    try {
      return await runPipelineOnce(engine, id, start);
    } finally {
      gate.leave();
    }
  }

  const { ended } = started(
    {
      pipeline: requirePipeline(factory, options.pipeline),
      parameters: options.parameters ?? {},
      invokedBy: { name: 'Manual', invokedByType: 'Manual' },
      groupId: options.past?.runId ?? runId,
      depth: 0,
      signal,
      history: options.histories?.open(runId),
      past: options.past,
    },
    runId,
  );
  const { run } = await ended;
  while (unawaited.size > 0) {
    const children = [...unawaited];
    unawaited.clear();
    await Promise.all(children);
  }
  return { run, childRuns };
}
