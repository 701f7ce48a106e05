import { type ErrorCode, SluiceError } from '@sluice/core';

/**
 * One thing that is wrong with a definition, or noteworthy. Quotes names, types and numbers of the definition, never
 * the value of a secret.
 */
export interface DefinitionProblem {
  /** An error keeps what refers to it from running; a warning keeps nothing. */
  readonly severity: 'error' | 'warning';
  readonly code: ErrorCode;
  readonly file: string;
  /** Such as `properties.activities[0].typeProperties.source.query`; empty for the file as a whole. */
  readonly path: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** One imperative sentence. */
  readonly hint?: string;
  /** The name Data Factory has for it, where there is one, such as `OAuth2ClientIdColonNotAllowed`. */
  readonly factoryCode?: string;
}

export function problemText({ file, line, column, path, message }: DefinitionProblem): string {
  return `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`;
}

/** All problems as one error, whose code is that of the first. `details.problems` has each by itself. */
export function definitionsInvalid(problems: readonly DefinitionProblem[]): SluiceError {
  const [first] = problems;
  if (first === undefined) throw new RangeError('no problem, no error');
  const lines = problems.map(problemText);
  const hints = [...new Set(problems.flatMap(({ hint }) => hint ?? []))];
  return new SluiceError(
    first.code,
    lines.length === 1 ? lines[0]! : [`${lines.length} problems`, ...lines.map((line) => `  ${line}`)].join('\n'),
    {
      ...(hints.length === 0 ? {} : { hint: hints.join('\n') }),
      details: { problems: problems.map((problem) => ({ ...problem })) },
    },
  );
}
