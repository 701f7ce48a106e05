import type { ErrorCode } from '../error/error-codes.ts';
import { SluiceError } from '../error/sluice-error.ts';

/** One thing that is wrong with a mapping. */
export interface MappingProblem {
  readonly code: Extract<ErrorCode, 'CONFIG_INVALID' | 'FIELD_UNKNOWN' | 'TYPE_UNSUPPORTED'>;
  /** Names the column. */
  readonly message: string;
  /** One imperative sentence. */
  readonly hint?: string;
}

const MAX_HINTS = 3;

/** All of them as one error, with the code of the first. */
export function mappingError(problems: readonly [MappingProblem, ...MappingProblem[]]): SluiceError {
  const messages = problems.map(({ message }) => message);
  const [only, more] = messages;
  const hints = [...new Set(problems.flatMap(({ hint }) => hint ?? []))].slice(0, MAX_HINTS);
  return new SluiceError(
    problems[0].code,
    `the mapping: ${more === undefined ? only : `${messages.length} problems: ${messages.join('; ')}`}`,
    {
      ...(hints.length === 0 ? {} : { hint: hints.join(' ') }),
      details: { problems: problems.map((problem) => ({ ...problem })) },
    },
  );
}
