import type { Data } from 'apache-arrow';

import { SluiceError } from '../error/sluice-error.ts';
import { hasNulls, isValidAt } from './validity.ts';

export interface EntryVisitor {
  /** The value of a row is at `index` of a chunk of the dictionary, where it may be null too. */
  readonly value: (chunk: Data, index: number) => void;
  readonly missing: () => void;
}

/**
 * Looks up rows of dictionary-encoded data in their dictionary, row by row.
 *
 * @throws `CONTRACT_BROKEN` for a key without an entry.
 */
export function forEachEntry(data: Data, from: number, to: number, visit: EntryVisitor): void {
  const chunks = data.dictionary?.data ?? [];
  // Keys are integers of any width.
  const keys = data.values as Int32Array | BigInt64Array;
  const isSparse = hasNulls(data);
  for (let row = from; row < to; row++) {
    if (isSparse && !isValidAt(data, row)) {
      visit.missing();
      continue;
    }
    // A dictionary that grew comes in several chunks.
    let entry = Number(keys[row]);
    let ordinal = 0;
    while (ordinal < chunks.length && entry >= chunks[ordinal]!.length) entry -= chunks[ordinal++]!.length;
    const chunk = chunks[ordinal];
    if (chunk === undefined || !(entry >= 0)) refuseKey(row);
    visit.value(chunk, entry);
  }
}

export function refuseKey(row: number): never {
  throw new SluiceError('CONTRACT_BROKEN', `a dictionary has no entry for the key of row ${row}`);
}
