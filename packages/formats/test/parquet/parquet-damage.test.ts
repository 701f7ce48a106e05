import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { SluiceError } from '@sluice/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parquet } from '../../src/parquet/parquet-format.ts';
import { memoryFile, openBytes, readBytes } from './memory-file.ts';

const folder = join(import.meta.dirname, 'golden');
const files = readdirSync(folder).filter((name) => name.endsWith('.parquet'));
const bytesOf = (name: string): Buffer => readFileSync(join(folder, name));
const plain = bytesOf('flat.none.parquet');

/** What a damaged file may be told to be. */
const REFUSALS: ReadonlySet<string> = new Set(['FILE_CORRUPT', 'CONFIG_INVALID', 'TYPE_UNSUPPORTED', 'VALUE_INVALID']);

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
async function outcomeOf(bytes: Buffer): Promise<string> {
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

describe('a damaged file', () => {
  it('is read or refused with one clear error, whatever happened to its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), changes, async (name, found) => {
        const outcome = await outcomeOf(damage(bytesOf(name), found));

        expect(outcome).toMatch(/^read$|^[A-Z_]+: .*[Pp]arquet|^[A-Z_]+: column /);
        expect(outcome === 'read' || REFUSALS.has(outcome.split(':')[0]!)).toBe(true);
      }),
      { seed: 3, numRuns: 1500 },
    );
  });

  it('is FILE_CORRUPT wherever it is cut short', async () => {
    for (let length = 0; length < plain.length; length++) {
      expect(await outcomeOf(plain.subarray(0, length))).toMatch(/^FILE_CORRUPT: /);
    }
  });

  it('is told by the checksum of the page, with its place', async () => {
    const bytes = bytesOf('flat.plain-v2.parquet');
    bytes[200]! ^= 1;

    await expect(readBytes(bytes)).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
      message: expect.stringMatching(
        /^a Parquet file cannot be read: row group 0: column \w+: page at byte \d+: its checksum is another$/,
      ),
    });
  });

  it('is told where an access ends before the file does', async () => {
    const { signal } = new AbortController();
    const access = { ...memoryFile(plain), read: () => Promise.resolve(new Uint8Array(3)) };

    await expect(parquet().open!(access, { signal })).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
      message: expect.stringContaining('ends before byte'),
    });
  });

  it('names the option where a page is larger than allowed', async () => {
    await expect(readBytes(plain, { options: { maxPageBytes: 100 } })).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
      hint: expect.stringContaining('maxPageBytes'),
    });
  });

  it('is no Parquet file, if it is something else', async () => {
    for (const [content, problem] of [
      ['', 'shorter than any'],
      ['a,b\r\n1,2\r\n3,4\r\n', 'does not end like'],
      [`PAR1\0\0\0\0\xff\xff\xff\xffPAR1`, 'longer than the file'],
    ] as const) {
      await expect(openBytes(Buffer.from(content, 'latin1'))).rejects.toMatchObject({
        code: 'FILE_CORRUPT',
        message: expect.stringContaining(problem),
      });
    }
  });

  it('is no damaged file, if its footer is encrypted', async () => {
    const encrypted = Buffer.from(plain);
    encrypted.write('PARE', encrypted.length - 4);

    await expect(openBytes(encrypted)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('encrypted'),
    });
  });
});
