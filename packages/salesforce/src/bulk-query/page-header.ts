import { SluiceError } from '@sluice/core';

/** Of a header this long something is wrong; the longest legal one is far shorter. */
const MAX_HEADER_BYTES = 4 * 1024 * 1024;

const QUOTE = 0x22;
const COMMA = 0x2c;
const LF = 0x0a;
const CR = 0x0d;

export interface HeaderRow {
  readonly cells: readonly string[];
  /** Of the row, its line end included. */
  readonly byteLength: number;
}

/**
 * The first row of a page, or undefined while it is not all there.
 *
 * @throws `RESPONSE_INVALID` when it never ends.
 */
export function parseHeaderRow(bytes: Uint8Array, isWhole: boolean): HeaderRow | undefined {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const cuts: number[] = [];
  let isQuoted = false;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (byte === COMMA) cuts.push(at);
    else if (byte === LF) return { cells: cellsBetween(bytes, start, cuts, at), byteLength: at + 1 };
  }
  if (bytes.length > MAX_HEADER_BYTES) {
    throw new SluiceError('RESPONSE_INVALID', 'a result page begins with a row that does not end');
  }
  if (!isWhole || bytes.length === start || isQuoted) return undefined;
  return { cells: cellsBetween(bytes, start, cuts, bytes.length), byteLength: bytes.length };
}

/**
 * For each column of a page the planned column it is.
 *
 * Names are compared without case, because nothing is known of the case an org answers in, and with and without a
 * namespace, because an org with one may put its own before its names.
 *
 * @throws `SCHEMA_CHANGED` naming the planned columns that are missing. Names of the page are not quoted: a page
 * without a header row begins with data.
 */
export function matchColumns(page: number, planned: readonly string[], cells: readonly string[]): readonly number[] {
  const exact = indexOfNames(planned.map((name) => name.toLowerCase()));
  const bare = indexOfNames(planned.map(withoutNamespace));
  const order = cells.map((cell) => exact.get(cell.toLowerCase()) ?? bare.get(withoutNamespace(cell)));
  const found = new Set(order.filter((column) => column !== undefined && column >= 0));
  if (cells.length === planned.length && found.size === planned.length) return order.map((column) => column ?? -1);
  const missing = planned.filter((_, column) => !found.has(column));
  const names = missing.length === 0 ? 'none is missing' : `missing: ${missing.slice(0, 10).join(', ')}`;
  throw new SluiceError(
    'SCHEMA_CHANGED',
    `result page ${page} does not begin with the planned header: ${cells.length} columns instead of ${planned.length}, ${names}`,
    { hint: 'Start a new run, which plans again; if it fails alike, a header row is missing in the result.' },
  );
}

function cellsBetween(bytes: Uint8Array, start: number, cuts: readonly number[], end: number): readonly string[] {
  const decoder = new TextDecoder();
  const stop = bytes[end - 1] === CR ? end - 1 : end;
  const starts = [start, ...cuts.map((cut) => cut + 1)];
  const ends = [...cuts, stop];
  return starts.map((from, cell) => unquoted(decoder.decode(bytes.subarray(from, ends[cell]))));
}

function unquoted(cell: string): string {
  return cell.startsWith('"') && cell.endsWith('"') && cell.length >= 2
    ? cell.slice(1, -1).replaceAll('""', '"')
    : cell;
}

/** Names that occur twice identify nothing. */
function indexOfNames(names: readonly string[]): ReadonlyMap<string, number | undefined> {
  const index = new Map<string, number | undefined>();
  for (const [column, name] of names.entries()) index.set(name, index.has(name) ? undefined : column);
  return index;
}

/** `acme__Region__r.acme__Code__c` and `Region__r.Code__c` are one. */
function withoutNamespace(path: string): string {
  return path
    .toLowerCase()
    .split('.')
    .map((name) => name.replace(/^[a-z][a-z0-9_]*?__(?=.+__[a-z]+$)/, ''))
    .join('.');
}
