import type { BatchBounds, Clock, Context, Logger, Random } from '../contract/context.ts';
import type { Budgets, Side } from './budget.ts';
import type { KeptRows } from './kept-rows.ts';
import { contractBroken } from './plugin-fault.ts';
import type { Retrying, RetryPolicy } from './retry.ts';
import { withRetries } from './retry.ts';
import type { RunEvent } from './run-events.ts';
import type { RunLog } from './run-log.ts';

/** What the plugins of a run share. */
export interface RunParts {
  readonly log: RunLog;
  /** Source rows that may be asked for again. */
  readonly kept: KeptRows;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly batch: BatchBounds;
  readonly retry: RetryPolicy;
  readonly cleanupMs: number;
  readonly budgets: Budgets;
  readonly emit: (event: RunEvent) => void;
}

export interface ContextOptions {
  /** Named in events. */
  readonly plugin: string;
  readonly side: Side;
  readonly memoScope: string;
  readonly signal: AbortSignal;
}

/** The context of one plugin, or of one writer of a sink. */
export function pluginContext(run: RunParts, { plugin, side, memoScope, signal }: ContextOptions): Context {
  const { log, clock, random, logger, batch, retry: policy, budgets, emit } = run;
  const onRetry = reportRetry(run);
  return {
    signal,
    clock,
    random,
    batch,
    log: logger,
    memo: log.memo(memoScope, plugin),
    retry: (request, options) => withRetries(request, options, { policy, clock, random, onRetry }, signal),
    account(id, { connections } = {}) {
      // Nobody gives back a share that is taken in the name of a run when it has settled.
      log.requireOpen(plugin, `asked for account ${id}`);
      signal.throwIfAborted();
      if (connections !== undefined && !(Number.isSafeInteger(connections) && connections >= 1)) {
        throw contractBroken(plugin, `it allows account ${id} ${connections} connections`);
      }
      const share = budgets.share(id, side, run, connections);
      return {
        id,
        async call(request) {
          log.requireOpen(plugin, `called account ${id}`);
          const permit = await share.acquire(signal);
          try {
            log.countCall(id);
            return await request();
          } finally {
            permit[Symbol.dispose]();
          }
        },
      };
    },
    note: (note) => log.note(note, plugin),
    status: (text) => emit({ kind: 'status', plugin, text }),
  };
}

export function reportRetry({ logger, emit }: Pick<RunParts, 'logger' | 'emit'>): (retrying: Retrying) => void {
  return ({ what, attempt, delayMs, error }) => {
    const { code, message } = error;
    logger.info(`${what}: trying again`, { attempt, delayMs: Math.round(delayMs), code });
    emit({ kind: 'retry', what, attempt, delayMs, code, message });
  };
}
