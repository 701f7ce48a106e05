import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parquet } from '../../src/parquet/parquet-format.ts';
import { bytesOf, CLEAR_OUTCOME, damagedFiles, outcomeOf } from './damaged-parquet.ts';
import { memoryFile, openBytes, readBytes } from './memory-file.ts';

const plain = bytesOf('flat.none.parquet');

describe('a damaged file', () => {
  it('is read or refused with one clear error, whatever happened to its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(damagedFiles, async (bytes) => {
        expect(await outcomeOf(bytes)).toMatch(CLEAR_OUTCOME);
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
