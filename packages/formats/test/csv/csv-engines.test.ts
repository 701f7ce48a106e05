import { SluiceError } from '@sluice/core';
import {
  Bool,
  type DataType,
  DateDay,
  Float64,
  Int16,
  Int32,
  Int64,
  TimeMicrosecond,
  TimeMillisecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Uint64,
  Uint8,
  Utf8,
} from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { csvDecoder } from '../../src/csv/csv-decoder.ts';
import { bytesOf, cutAt, decode, decodeText, failure, schemaOf, textSchema } from './decoded-rows.ts';
import { decimal } from './type-cases.ts';

const seed = inject('seed');
const types: readonly DataType[] = [
  new Utf8(),
  new Bool(),
  new Uint8(),
  new Int16(),
  new Int32(),
  new Int64(),
  new Uint64(),
  new Float64(),
  decimal(18, 2),
  decimal(5, 5),
  decimal(38, 18),
  decimal(20, -3),
  decimal(76, 30, 256),
  new DateDay(),
  new TimestampSecond('UTC'),
  new TimestampMillisecond('UTC'),
  new TimestampMicrosecond('UTC'),
  new TimestampNanosecond('UTC'),
  new TimeMillisecond(),
  new TimeMicrosecond(),
];

const DIGITS = '0123456789'.split('');

const number = fc
  .tuple(
    fc.constantFrom('', '', '-', '+'),
    fc.string({ unit: fc.constantFrom(...DIGITS), maxLength: 20 }),
    fc.constantFrom('', '.'),
    fc.string({ unit: fc.constantFrom(...DIGITS), maxLength: 20 }),
    fc.constantFrom('', '', '', 'E7', 'e-3', 'E+20', 'E-40', 'e', 'E999'),
  )
  .map((parts) => parts.join(''));
const two = fc.integer({ min: 0, max: 62 }).map((value) => String(value).padStart(2, '0'));
const clock = fc
  .tuple(
    fc.array(two, { minLength: 3, maxLength: 3 }),
    fc.constantFrom('', '.0', '.123', '.120000', '.123456789', '.'),
    fc.constantFrom('Z', '', 'z', '+0000', '+00:00', '-05:30', '+02', 'ZZ'),
  )
  .map(([pairs, fraction, zone]) => `${pairs.join(':')}${fraction}${zone}`);
const date = fc
  .tuple(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }))
  .map((parts) => parts.map((part, i) => String(part).padStart(i === 0 ? 4 : 2, '0')).join('-'));
const instant = fc
  .tuple(date, fc.constantFrom('T', ' ', 't', '_'), clock)
  .map(([day, separator, time]) => `${day}${separator}${time}`);
const noise = fc.string({ unit: fc.constantFrom(...DIGITS, ...'.-+eE:TZ tru'.split('')), maxLength: 30 });
const cell = fc.oneof(number, date, instant, clock, noise, fc.constantFrom('', 'true', 'FALSE', '1', '0'));

describe('both engines', () => {
  it('read every type from every text alike', () => {
    let kept = 0;
    fc.assert(
      fc.property(fc.array(cell, { minLength: 20, maxLength: 60 }), fc.constantFrom(...types), (cells, type) => {
        const { rows } = decodeText(cells.map((text) => `"${text}"\n`).join(''), { schema: schemaOf(type) });
        kept += rows.length;
      }),
      { numRuns: 3000, seed },
    );
    expect(kept).toBeGreaterThan(10_000);
  });

  it.each(['half-even', 'error'] as const)('treat excess digits alike: %s', (excessDigits) => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 60 }), (cells) => {
        const text = cells.map((number) => `${number}\n`).join('');
        const { batches } = decodeText(text, { schema: schemaOf(decimal(12, 3)), excessDigits });

        expect(batches.reduce((sum, { rows }) => sum + rows, 0)).toBe(cells.length);
      }),
      { numRuns: 300, seed },
    );
  });

  it('end in the same batches or the same error on damaged bytes', () => {
    const row = '"001xx","say ""hi"" to €",12.50,true,2024-04-16T19:00:00.000Z\r\n,,"",,\n';
    const schema = schemaOf(new Utf8(), new Utf8(), decimal(18, 2), new Bool(), new TimestampMillisecond('UTC'));
    const damage = fc.record({
      at: fc.nat(row.length * 20),
      bytes: fc.array(fc.constantFrom(0x22, 0x2c, 0x0a, 0x0d, 0x80, 0xe2, 0, 0x31), { maxLength: 4 }),
    });
    let damaged = 0;
    fc.assert(
      fc.property(fc.array(damage, { maxLength: 3 }), fc.array(fc.nat(), { maxLength: 6 }), (damages, cuts) => {
        let bytes = Buffer.from(row.repeat(20));
        for (const { at, bytes: put } of damages) {
          bytes = Buffer.concat([bytes.subarray(0, at), Uint8Array.from(put), bytes.subarray(at + put.length)]);
        }
        const chunks = cutAt(
          bytes,
          cuts.map((cut) => cut % (bytes.length + 1)),
        );
        const error = failure(() => decode(chunks, { schema, batch: { rows: 7, bytes: 1000 } }));

        expect(error === undefined ? 'ROW_MALFORMED' : SluiceError.is(error) && error.code).toBe('ROW_MALFORMED');
        if (error !== undefined) damaged++;
      }),
      { numRuns: 2000, seed },
    );
    expect(damaged).toBeGreaterThan(500);
  });

  it('agree at every place where a block of 64 bytes may end', () => {
    for (let length = 0; length < 130; length++) {
      const text = `"${'x'.repeat(length)}","a""b"\r\n${'y'.repeat(length % 7)},\n"","""",\n`.replace(/,\n$/, '\n');
      expect(decodeText(text.repeat(3), { schema: textSchema(2) }).rows).toHaveLength(9);
    }
  });

  it('agree where rows outgrow the window and fit again', () => {
    const lengths = [10, 70_000, 20, 300_000, 30, 5, 131_072, 1];
    const text = lengths.map((length, i) => `${i},"${'""x'.repeat(length / 3)}",${i % 2 === 0 ? '' : i}\n`).join('');
    const bytes = bytesOf(text.repeat(2));
    const cuts = Array.from({ length: Math.floor(bytes.length / 50_000) }, (_, i) => (i + 1) * 50_000);

    const { rows } = decode(cutAt(bytes, cuts), { schema: schemaOf(new Int32(), new Utf8(), decimal(9, 1)) });
    const texts = rows.map(([, text]) => (typeof text === 'string' ? text : ''));

    expect(texts.map((text) => text.length)).toEqual(
      [...lengths, ...lengths].map((length) => Math.floor(length / 3) * 2),
    );
  });

  it('agree on more rows than the kernel reads at once, of the shortest cells', () => {
    const text = '1\n\n2\n'.repeat(40_000);

    expect(decodeText(text, { schema: schemaOf(new Int32()) }).rows).toHaveLength(120_000);
    expect(decodeText(text, { schema: textSchema(1) }).rows).toHaveLength(120_000);
  });
});

describe('the engine', () => {
  const options = (columns: number) => ({
    schema: textSchema(columns),
    columns: Array.from({ length: columns }, (_, i) => i),
    batch: { rows: 10, bytes: 1e6 },
  });

  it('is wasm where that can decode the file, and shows', () => {
    expect(csvDecoder(options(2)).engine).toBe('wasm');
    expect(csvDecoder({ ...options(2), engine: 'js' }).engine).toBe('js');
  });

  it('is js for a file of very many columns', () => {
    const decoder = csvDecoder(options(5000));
    const rows = [...decoder.write(bytesOf(`${','.repeat(4999)}\n`)), ...decoder.end()];

    expect(decoder.engine).toBe('js');
    expect(rows.map(({ rows }) => rows)).toEqual([1]);
  });

  it('is refused where it was asked for and cannot decode the file', () => {
    expect(() => csvDecoder({ ...options(5000), engine: 'wasm' })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('5000 columns') }),
    );
  });

  it('is the own of every decoder in use', () => {
    const decoders = Array.from({ length: 20 }, () => csvDecoder(options(1)));
    for (const [i, decoder] of decoders.entries()) expect([...decoder.write(bytesOf(`row ${i}`))]).toEqual([]);

    const sizes = decoders.map((decoder) => [...decoder.end()].map(({ batch }) => batch.getChildAt(0)?.get(0)));

    expect(sizes).toEqual(decoders.map((_, i) => [`row ${i}`]));
  });
});
