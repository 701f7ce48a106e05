import type { JsonObject } from '../contract/json.ts';
import type { LeftBehind } from '../contract/source.ts';
import { SluiceError } from '../error/sluice-error.ts';
import type { RunAccount } from './run-account.ts';

export interface FailureFacts {
  readonly id: string;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
  readonly leftBehind: readonly LeftBehind[];
  /** Of a run that was planned. */
  readonly account: RunAccount | undefined;
  /** Where the journal is that a resume needs; undefined when there is nothing to resume. */
  readonly keptAt: string | undefined;
}

/** The failure of a run, telling besides what went wrong how to go on and what is left. A cancelled run's reason stays as it is. */
export function explainFailure(error: unknown, facts: FailureFacts): unknown {
  const { id, signal, leftBehind, account, keptAt } = facts;
  if (signal?.aborted === true && error === signal.reason) return error;
  if (!SluiceError.is(error)) return explainFailure(uncoded(error), facts);
  const name = JSON.stringify(id);
  const hints = [
    ...(error.hint === undefined ? [] : [error.hint]),
    ...(keptAt === undefined ? [] : [`Run ${name} is kept in ${keptAt}: resume it, or abandon it.`]),
    ...leftBehind.map(
      ({ kind, id: left, reason, hint }) =>
        `Left behind: ${kind} ${left} (${reason})${hint === undefined ? '' : ` ${hint}`}`,
    ),
  ];
  const hasEffect = account !== undefined && account.writtenRows + account.inDoubtRows > 0;
  if (keptAt === undefined && leftBehind.length === 0 && !hasEffect) return error;
  const { code, message, retryAfterMs, retryable, details } = error;
  return new SluiceError(code, message, {
    cause: error,
    retryable,
    ...(hints.length === 0 ? {} : { hint: hints.join('\n') }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    details: {
      run: id,
      ...(account === undefined ? {} : { rows: countsOf(account) }),
      ...(keptAt === undefined ? {} : { journal: keptAt }),
      ...(leftBehind.length === 0 ? {} : { leftBehind: leftBehind.map((left) => ({ ...left })) }),
      ...(details === undefined ? {} : { cause: details }),
    },
  });
}

function countsOf({ readRows, writtenRows, rejectedRows, inDoubtRows, unsentRows }: RunAccount): JsonObject {
  return { readRows, writtenRows, rejectedRows, inDoubtRows, unsentRows };
}

function uncoded(cause: unknown): SluiceError {
  const what = cause instanceof Error ? cause.message : `${cause === null ? 'null' : typeof cause} was thrown`;
  return new SluiceError('INTERNAL', `the run failed with an error of no code: ${what}`, { cause });
}
