import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { SluiceError } from '@sluice/core';
import fc from 'fast-check';

import { parquet } from '../../src/parquet/parquet-format.ts';
import { memoryFile } from './memory-file.ts';

const folder = join(import.meta.dirname, 'golden');
const files = readdirSync(folder).filter((name) => name.endsWith('.parquet'));
export const bytesOf = (name: string): Buffer => readFileSync(join(folder, name));

/** Read, or refused with what a damaged file may be told to be. */
export const CLEAR_OUTCOME =
  /^read$|^(FILE_CORRUPT|CONFIG_INVALID|TYPE_UNSUPPORTED|VALUE_INVALID): (a Parquet file|column) /;

type Change = readonly [kind: 'set' | 'flip' | 'cut' | 'insert' | 'remove' | 'fill', at: number, value: number];

const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.tuple(
    fc.constantFrom('set', 'flip', 'cut', 'insert', 'remove', 'fill'),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    fc.nat(255),
  ),
  { minLength: 1, maxLength: 4 },
);

function damage(original: Buffer, found: readonly Change[]): Buffer {
  let bytes = Buffer.from(original);
  for (const [kind, place, value] of found) {
    // Half of them in the last part, where the footer is.
    const at = Math.floor((value % 2 === 0 ? place : 1 - place / 8) * bytes.length);
    const [before, behind] = [bytes.subarray(0, at), bytes.subarray(at)];
    if (kind === 'cut') bytes = Buffer.from(before);
    else if (kind === 'insert') bytes = Buffer.concat([before, Buffer.of(value), behind]);
    else if (kind === 'remove') bytes = Buffer.concat([before, behind.subarray(1 + (value & 3))]);
    else if (kind === 'fill') behind.fill(value & 1 ? 0xff : 0, 0, Math.min(behind.length, 1 + (value >> 5)));
    else if (behind.length > 0) behind[0] = kind === 'set' ? value : behind[0]! ^ (1 << (value & 7));
  }
  return bytes;
}

/** `read`, or the code and message that the file is refused with; any other error passes. */
export async function outcomeOf(bytes: Buffer): Promise<string> {
  const options = { maxPageBytes: 1_048_576 };
  const { signal } = new AbortController();
  try {
    const file = await parquet(options).open!(memoryFile(bytes), { signal });
    for (const split of file.splits) {
      let rows = 0;
      for await (const { numRows } of file.read(split, { batch: { rows: 1000, bytes: 100_000 }, signal })) {
        rows += numRows;
        // A few bytes can stand for any number of nulls.
        if (rows > 10_000) break;
      }
    }
    return 'read';
  } catch (error) {
    if (SluiceError.is(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** Files of another writer, each with some bytes changed, lost or added. */
export const damagedFiles: fc.Arbitrary<Buffer> = fc
  .tuple(fc.constantFrom(...files), changes)
  .map(([name, found]) => damage(bytesOf(name), found));
