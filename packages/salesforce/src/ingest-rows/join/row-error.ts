import { RETRYABLE_ROW_CODES } from './retryable-codes.ts';

/** Why an org did not take a row, in its words but for values. */
export interface RowError {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  /** API names. */
  readonly fields: readonly string[];
}

const CODE = /^[A-Z][A-Z0-9_]*$/;
const FIELD = /^[\w.:]+$/;
/** In quotation marks, other than an apostrophe within a word. */
const QUOTED = /(?<=^|[\s(:[,])(['"])(?:(?!\1)[^])*\1(?=$|[\s.,:;)\]])/g;
const NUMBER = /(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w])/g;
const UNKNOWN = 'UNKNOWN';
const MASK = '…';
/** A shorter value is masked only where a message is about to name one. */
const MIN_WORD = 3;
const MAX_MESSAGE_CHARACTERS = 1000;

/**
 * Takes `sf__Error` apart: `<STATUS_CODE>:<message>:<fields, with commas> --`, where the message may hold colons. What it
 * repeats of the row's cells is masked.
 *
 * Bulk API 2.0 Developer Guide, "Get Job Failed Record Results", read 2026-11.
 */
export function readRowError(text: string, cells: readonly string[]): RowError {
  const end = text.replace(/\s*--\s*$/, '');
  const code = errorCode(end);
  const rest = code === UNKNOWN ? end : end.slice(code.length + 1);
  const last = rest.lastIndexOf(':');
  const names =
    last === -1
      ? []
      : rest
          .slice(last + 1)
          .split(',')
          .map((name) => name.trim());
  // What follows the last colon of a message without fields may be anything.
  const hasFields = last !== -1 && names.every((name) => name === '' || FIELD.test(name));
  const message = masked((hasFields ? rest.slice(0, last) : rest).trim(), cells);
  return {
    code,
    message: message.slice(0, MAX_MESSAGE_CHARACTERS),
    retryable: RETRYABLE_ROW_CODES.has(code),
    fields: hasFields ? names.filter((name) => name !== '') : [],
  };
}

/** What comes before the first colon, where that is a code. */
export function errorCode(text: string): string {
  const code = text.slice(0, Math.max(text.indexOf(':'), 0));
  return CODE.test(code) ? code : UNKNOWN;
}

function masked(message: string, cells: readonly string[]): string {
  let text = message.replace(QUOTED, `$1${MASK}$1`);
  const numbers = new Set<number>();
  // The longest first: one value may be part of another.
  for (const cell of cells.toSorted((a, b) => b.length - a.length)) {
    if (cell === '') continue;
    const number = Number(cell);
    if (!Number.isNaN(number)) numbers.add(number);
    if (text.includes(cell)) text = withoutCell(text, cell);
  }
  return numbers.size === 0 ? text : text.replace(NUMBER, (found) => (namesNumber(found, numbers) ? MASK : found));
}

function namesNumber(found: string, numbers: ReadonlySet<number>): boolean {
  const digits = found.replaceAll(',', '');
  return digits.length >= MIN_WORD && numbers.has(Number(digits));
}

/** Masks a value where it stands by itself. */
function withoutCell(text: string, cell: string): string {
  let from = 0;
  let out = '';
  for (let at = text.indexOf(cell); at !== -1; at = text.indexOf(cell, from)) {
    const before = text.slice(Math.max(0, at - 2), at);
    const after = text.charAt(at + cell.length);
    const isNamed = /[:([]\s?$|(?<!\w)['"]$/.test(before) || (cell.length >= MIN_WORD && /(?:^|\W)$/.test(before));
    const isWhole = isNamed && !/\w/.test(after);
    out += text.slice(from, at) + (isWhole ? MASK : cell);
    from = at + cell.length;
  }
  return out + text.slice(from);
}
