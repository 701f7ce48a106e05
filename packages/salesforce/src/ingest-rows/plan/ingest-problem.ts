import { SluiceError, type ErrorCode, type JsonObject } from '@sluice/core';

/** One thing that keeps rows from being sent. */
export interface IngestProblem {
  readonly code: Extract<
    ErrorCode,
    'CONFIG_INVALID' | 'OBJECT_UNKNOWN' | 'FIELD_UNKNOWN' | 'TYPE_UNSUPPORTED' | 'TARGET_UNWRITABLE'
  >;
  /** Name of the column it is about. */
  readonly column?: string;
  /** Names what is wrong, without the column. */
  readonly message: string;
  /** One imperative sentence. */
  readonly hint: string;
}

const MAX_SHOWN = 20;
const MAX_HINTS = 3;
const MAX_LISTED = 200;

/** All problems as one error, whose code is that of the first; the details list each. */
export function ingestError(problems: readonly IngestProblem[], what: string): SluiceError {
  const [first] = problems;
  if (first === undefined) throw new TypeError('an error needs a problem');
  const shown = problems.slice(0, MAX_SHOWN).map(described);
  const rest = problems.length - shown.length;
  const list = rest === 0 ? shown : [...shown, `and ${rest} more`];
  const message = problems.length === 1 ? shown[0]! : `${problems.length} problems: ${list.join('; ')}`;
  const hints = [...new Set(problems.map(({ hint }) => hint))].slice(0, MAX_HINTS);
  return new SluiceError(first.code, `${what}: ${message}`, {
    hint: hints.join(' '),
    details: { problems: problems.slice(0, MAX_LISTED).map(listed) },
  });
}

function described({ column, message }: IngestProblem): string {
  return column === undefined ? message : `column ${column}: ${message}`;
}

function listed({ code, column, message, hint }: IngestProblem): JsonObject {
  return { code, ...(column === undefined ? {} : { column }), message, hint };
}
