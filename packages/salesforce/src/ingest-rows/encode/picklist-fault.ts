import { trimmedEnd, trimmedStart } from '../canonical/canonical-text.ts';
import { type Hash64, hashBytes } from '../canonical/hash.ts';
import type { CellForm, IngestPlan } from '../ingest-plan.ts';
import { KeyRows } from './key-rows.ts';
import { UNLISTED, type ValueFault } from './value-check.ts';

const SEMICOLON = 0x3b;

/** Whether text, which is not blank, holds values that are none of those of a picklist. */
export function picklistFault(
  values: readonly string[],
  form: CellForm,
  picklists: IngestPlan['options']['picklists'],
): (bytes: Uint8Array, start: number, end: number) => ValueFault | undefined {
  const known = new KeyRows();
  const hash: Hash64 = { high: 0, low: 0 };
  const look = (bytes: Uint8Array, start: number, end: number): void => {
    const from = trimmedStart(bytes, start, end);
    hashBytes(bytes, from, trimmedEnd(bytes, from, end), 0, hash);
  };
  for (const value of values) {
    const bytes = Buffer.from(value);
    look(bytes, 0, bytes.length);
    known.replace(hash.high, hash.low, 0);
  }
  const fault = picklists === 'reject' ? 'expected a value of the picklist' : UNLISTED;
  const isListed = (bytes: Uint8Array, start: number, end: number): boolean => {
    look(bytes, start, end);
    return start === end || known.rowOf(hash.high, hash.low) >= 0;
  };
  if (form !== 'multipicklist') return (bytes, start, end) => (isListed(bytes, start, end) ? undefined : fault);
  return (bytes, start, end) => {
    for (let from = start; from <= end;) {
      const at = bytes.indexOf(SEMICOLON, from);
      const to = at === -1 || at > end ? end : at;
      if (!isListed(bytes, from, to)) return fault;
      from = to + 1;
    }
    return undefined;
  };
}
