import { SluiceError } from '@sluice/core';
import * as fc from 'fast-check';
import { snappyUncompress } from 'hyparquet';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { describe, expect, it } from 'vitest';

import { GrowingBytes } from '../../src/bits/growing-bytes.ts';
import { snappyUncompress as readSnappy, uncompressElements } from '../../src/parquet/decode/snappy-reader.ts';
import { appendIndices, bitWidthOf } from '../../src/parquet/encode/hybrid-encoding.ts';
import { snappyBound, snappyCompressInto } from '../../src/parquet/encode/snappy.ts';

const pieces = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 3000 })).map(([byte, count]) => new Uint8Array(count).fill(byte)),
    fc.constantFrom('Closed Won', '00590000000AAAA', 'abcabcabd').map((text) => new Uint8Array(Buffer.from(text))),
  ),
  { maxLength: 60 },
);

function roundTrip(input: Uint8Array): { readonly output: Uint8Array; readonly compressedBytes: number } {
  const compressed = new Uint8Array(snappyBound(input.length));
  const compressedBytes = snappyCompressInto(input, compressed);
  const output = new Uint8Array(input.length);
  snappyUncompress(compressed.subarray(0, compressedBytes), output);
  return { output, compressedBytes };
}

describe('snappy', () => {
  it('gives any bytes back', () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const input = Buffer.concat(parts);

        const { output, compressedBytes } = roundTrip(input);

        expect(Buffer.from(output).equals(input)).toBe(true);
        expect(compressedBytes).toBeLessThanOrEqual(snappyBound(input.length));
      }),
      { seed: 5, numRuns: 400 },
    );
  });

  it('gives back fragments of 64 KiB, random and repeated, of every length around the edge', () => {
    let state = 1;
    const noise = Uint8Array.from({ length: 200_000 }, () => (state = Math.imul(state, 1_103_515_245) + 12_345) >>> 24);
    for (const length of [0, 1, 14, 15, 16, 17, 60, 61, 65_535, 65_536, 65_537, 65_551, 131_072, 200_000]) {
      const input = noise.subarray(0, length);
      const repeated = Buffer.alloc(length, 'abcdefgh');

      expect(Buffer.from(roundTrip(input).output).equals(input)).toBe(true);
      expect(Buffer.from(roundTrip(repeated).output).equals(repeated)).toBe(true);
    }
  });

  it('is read by the kernel and without it alike, damaged or not', () => {
    const outcomeOf = (read: () => Uint8Array): unknown => {
      try {
        return Buffer.from(read()).toString('hex');
      } catch (error) {
        return SluiceError.is(error) ? error.code : error;
      }
    };
    const damage = fc.option(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255)));
    fc.assert(
      fc.property(pieces, damage, (parts, change) => {
        const input = Buffer.concat([Buffer.from('begin'), ...parts]);
        const block = new Uint8Array(snappyBound(input.length));
        const compressed = block.subarray(0, snappyCompressInto(input, block));
        const start = compressed.findIndex((byte) => byte < 0x80) + 1;
        if (change !== null) compressed[start + Math.floor(change[0] * (compressed.length - start))] = change[1];

        const read = outcomeOf(() => readSnappy(compressed, input.length));
        expect(read).toBe(outcomeOf(() => uncompressElements(compressed, start, input.length)));
        expect(change !== null || read === input.toString('hex')).toBe(true);
      }),
      { seed: 6, numRuns: 600 },
    );
  });

  it('shrinks what repeats', () => {
    expect(roundTrip(Buffer.alloc(100_000, 'Prospecting')).compressedBytes).toBeLessThan(6_000);
  });
});

describe('the hybrid of runs and packed bits', () => {
  it('gives any indices back', () => {
    const runs = fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(runs, fc.nat(12), (found, extraBits) => {
        const indices = Int32Array.from(found.flatMap(([value, count]) => Array<number>(count).fill(value)));
        const bitWidth = bitWidthOf(300) + extraBits > 20 ? 20 : bitWidthOf(300) + extraBits;
        const out = new GrowingBytes(1);

        appendIndices(out, indices, indices.length, bitWidth);

        const reader = { view: new DataView(out.view().slice().buffer), offset: 0 };
        const decoded = Array.from(indices, () => -1);
        readRleBitPackedHybrid(reader, bitWidth, decoded, out.length);
        expect(decoded).toEqual([...indices]);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
