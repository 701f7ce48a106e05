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

import { cutAt, decode, failure, schemaOf } from './decoded-rows.ts';
import { decimal } from './type-cases.ts';

/** Types with edges of every kind. */
export const types: readonly DataType[] = [
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

/** Numbers and what nearly are some. */
export const number = fc
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
/** Texts that are values of some type, or nearly. */
export const cell = fc.oneof(number, date, instant, clock, noise, fc.constantFrom('', 'true', 'FALSE', '1', '0'));

const ROW = '"001xx","say ""hi"" to €",12.50,true,2024-04-16T19:00:00.000Z\r\n,,"",,\n';
const SCHEMA = schemaOf(new Utf8(), new Utf8(), decimal(18, 2), new Bool(), new TimestampMillisecond('UTC'));

export interface DamagedFile {
  readonly damages: readonly { readonly at: number; readonly bytes: readonly number[] }[];
  readonly cuts: readonly number[];
}

/** A file of `repeats` times two rows, with bytes put over others in some places, in chunks. */
export function damagedFile(repeats: number): fc.Arbitrary<DamagedFile> {
  const damage = fc.record({
    at: fc.nat(ROW.length * repeats),
    bytes: fc.array(fc.constantFrom(0x22, 0x2c, 0x0a, 0x0d, 0x80, 0xe2, 0, 0x31), { maxLength: 4 }),
  });
  return fc.record({ damages: fc.array(damage, { maxLength: 3 }), cuts: fc.array(fc.nat(), { maxLength: 6 }) });
}

/** Decodes it with both engines, which have to agree; the code of the error it ends in, if it does. */
export function codeOfDamage(
  { damages, cuts }: DamagedFile,
  repeats: number,
  malformedRows: 'fail' | 'reject' = 'fail',
): string | undefined {
  let bytes = Buffer.from(ROW.repeat(repeats));
  for (const { at, bytes: put } of damages) {
    bytes = Buffer.concat([bytes.subarray(0, at), Uint8Array.from(put), bytes.subarray(at + put.length)]);
  }
  const chunks = cutAt(
    bytes,
    cuts.map((cut) => cut % (bytes.length + 1)),
  );
  const error = failure(() =>
    decode(chunks, { schema: SCHEMA, batch: { rows: 7 * repeats, bytes: 50 * repeats }, malformedRows }),
  );
  if (error === undefined) return undefined;
  return SluiceError.is(error) ? error.code : 'no error of ours';
}
