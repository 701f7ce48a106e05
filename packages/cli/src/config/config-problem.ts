import { SluiceError } from '@sluice/core';
import { optionName, type OptionPath } from '@sluice/core/options';

/** Where something stands in a file, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Keys and list positions from the root of a configuration. */
export type ConfigPath = OptionPath;

/** One thing that is wrong with a configuration. Holds no value of it, since that may be a secret. */
export interface ConfigProblem {
  readonly path: ConfigPath;
  readonly message: string;
  /** Unknown for a configuration that is not a file just now. */
  readonly place?: Place | undefined;
  /** One imperative sentence. */
  readonly hint?: string | undefined;
}

/** All problems of a configuration as one error, in the order of the file. */
export function configInvalid(name: string, problems: readonly ConfigProblem[]): SluiceError {
  const ordered = problems.toSorted(
    ({ place: a }, { place: b }) => (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0),
  );
  const lines = ordered.map((problem) => lineOf(name, problem));
  const hints = [...new Set(ordered.flatMap(({ hint }) => hint ?? []))];
  return new SluiceError(
    'CONFIG_INVALID',
    lines.length === 1 ? lines[0]! : [`${lines.length} problems`, ...lines.map((line) => `  ${line}`)].join('\n'),
    {
      ...(hints.length === 0 ? {} : { hint: hints.join('\n') }),
      details: {
        problems: ordered.map(({ path, message, place }) => ({ path: optionName(path), message, ...place })),
      },
    },
  );
}

function lineOf(name: string, { path, message, place }: ConfigProblem): string {
  const where = place === undefined ? name : `${name}:${place.line}:${place.column}`;
  return path.length === 0 ? `${where}: ${message}` : `${where}: ${optionName(path)} ${message}`;
}
