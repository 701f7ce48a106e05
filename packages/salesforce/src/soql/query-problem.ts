import { SluiceError, type ErrorCode, type JsonObject } from '@sluice/core';

/** One thing that is wrong with a query. */
export interface QueryProblem {
  readonly code: Extract<ErrorCode, 'QUERY_INVALID' | 'QUERY_UNSUPPORTED' | 'OBJECT_UNKNOWN' | 'FIELD_UNKNOWN'>;
  /** Names what and where, without the position. */
  readonly message: string;
  /** One imperative sentence. */
  readonly hint?: string;
  /** In the query text. */
  readonly offset?: number;
}

/** The text that offsets count in. */
export interface QueryText {
  /** What the user wrote. */
  readonly text: string;
  /** Begins the message, such as `the query`. */
  readonly label: string;
  /** Where the text is a part of what was asked: its name, such as `where`. */
  readonly part?: string;
  /** Where it begins in the text that was parsed. */
  readonly start: number;
}

const MAX_SHOWN = 20;
const MAX_HINTS = 3;
const MAX_LISTED = 200;

/**
 * All problems of a query as one error, in the order of the text. Its code is that of the first; the details list each
 * with code, line and column.
 */
export function queryError(problems: readonly QueryProblem[], queryText: QueryText): SluiceError {
  const ordered = problems.toSorted((a, b) => (a.offset ?? -1) - (b.offset ?? -1));
  const [first] = ordered;
  if (first === undefined) throw new TypeError('an error needs a problem');
  const shown = ordered.slice(0, MAX_SHOWN).map((problem) => described(problem, queryText));
  const rest = ordered.length - shown.length;
  const list = rest === 0 ? shown : [...shown, `and ${rest} more`];
  const message = list.length === 1 ? shown[0]! : `${ordered.length} problems: ${list.join('; ')}`;
  const hints = [...new Set(ordered.flatMap(({ hint }) => hint ?? []))].slice(0, MAX_HINTS);
  return new SluiceError(first.code, `${queryText.label}: ${message}`, {
    ...(hints.length === 0 ? {} : { hint: hints.join(' ') }),
    details: { problems: ordered.slice(0, MAX_LISTED).map((problem) => listed(problem, queryText)) },
  });
}

/** Line and column of a place in a text, from 1; a column counts UTF-16 units. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function described({ message, offset }: QueryProblem, { text, start, part }: QueryText): string {
  if (offset === undefined) return message;
  const { line, column } = placeOf(text, offset - start);
  const whole = part === undefined ? '' : ` of \`${part}\``;
  return `line ${line}, column ${column}${whole}: ${message}`;
}

function listed({ code, message, hint, offset }: QueryProblem, { text, start }: QueryText): JsonObject {
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(offset === undefined ? {} : { ...placeOf(text, offset - start) }),
  };
}
