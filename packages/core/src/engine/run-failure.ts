import type { LeftBehind } from '../contract/source.ts';
import { SluiceError } from '../error/sluice-error.ts';

export interface FailureFacts {
  readonly id: string;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
  readonly leftBehind: readonly LeftBehind[];
  /** Where the journal is that a resume needs; undefined when there is nothing to resume. */
  readonly keptAt: string | undefined;
}

/** The failure of a run, telling besides what went wrong how to go on and what is left. A cancelled run's reason stays as it is. */
export function explainFailure(error: unknown, { id, signal, leftBehind, keptAt }: FailureFacts): unknown {
  if (signal?.aborted === true && error === signal.reason) return error;
  if (!SluiceError.is(error)) return explainFailure(uncoded(error), { id, signal, leftBehind, keptAt });
  const name = JSON.stringify(id);
  const more = [
    ...(keptAt === undefined ? [] : [`Run ${name} is kept in ${keptAt}: resume it, or abandon it.`]),
    ...leftBehind.map(
      ({ kind, id: left, reason, hint }) =>
        `Left behind: ${kind} ${left} (${reason})${hint === undefined ? '' : ` ${hint}`}`,
    ),
  ];
  if (more.length === 0) return error;
  const { code, message, hint, retryAfterMs, retryable, details } = error;
  return new SluiceError(code, message, {
    cause: error,
    retryable,
    hint: [...(hint === undefined ? [] : [hint]), ...more].join('\n'),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    details: {
      run: id,
      ...(keptAt === undefined ? {} : { journal: keptAt }),
      ...(leftBehind.length === 0 ? {} : { leftBehind: leftBehind.map((left) => ({ ...left })) }),
      ...(details === undefined ? {} : { cause: details }),
    },
  });
}

function uncoded(cause: unknown): SluiceError {
  const what = cause instanceof Error ? cause.message : `${cause === null ? 'null' : typeof cause} was thrown`;
  return new SluiceError('INTERNAL', `the run failed with an error of no code: ${what}`, { cause });
}
