import { Binary, type DataType, Dictionary, Float64, Int16, Int32, Int8, List, Field, Null, Utf8 } from 'apache-arrow';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decimalType } from '../../src/decimal/decimal.ts';
import { noiseOf } from '../arrow-layout.ts';
import { castAll, columnOf, type Value } from './typed-columns.ts';

const fixed = { seed: 20_261_124 };
const utf8 = new Utf8();
const words = fc.array(fc.option(fc.constantFrom('1', '2.5', '-7', 'no number', ''), { freq: 4 }), { maxLength: 25 });
const keys = fc.constantFrom<Int8 | Int32>(new Int8(), new Int32());

describe('a cast of a dictionary', () => {
  it('gives what the cast of its rows gives, one chunk or more, null as an entry or as a key', () => {
    const targets = fc.constantFrom<DataType>(utf8, new Float64(), decimalType(9, 2), new Int32(), new Binary());
    fc.assert(
      fc.property(words, keys, targets, fc.integer(), (values, key, to, seed) => {
        const plain = castAll(columnOf(utf8, values), to);
        const encoded = castAll(columnOf(new Dictionary(utf8, key), values, noiseOf(seed)), to);

        expect(encoded).toEqual(plain);
      }),
      { ...fixed, numRuns: 400 },
    );
  });

  it('keeps the keys where only the entries are cast', () => {
    fc.assert(
      fc.property(words, keys, fc.integer(), (values, key, seed) => {
        const numbers = new Dictionary(decimalType(9, 2), key);
        const encoded = castAll(columnOf(new Dictionary(utf8, key), values, noiseOf(seed)), numbers);

        expect(encoded).toEqual(castAll(columnOf(utf8, values), decimalType(9, 2)));
      }),
      { ...fixed, numRuns: 200 },
    );
  });
});

describe('a cast to a dictionary', () => {
  it('gives each value of a batch one entry', () => {
    const to = new Dictionary(utf8, new Int32());
    const batch = columnOf(utf8, ['b', 'a', null, 'b']);
    const { values } = castAll(batch, to);

    expect(values).toEqual(['b', 'a', null, 'b']);
  });

  it.each<[string, DataType, readonly Value[]]>([
    ['numbers, both zeros apart', new Float64(), [0, -0, Number.NaN, Number.NaN, null]],
    ['bytes', new Binary(), [Uint8Array.of(255), Uint8Array.of(), Uint8Array.of(255)]],
    ['nulls alone', new Null(), [null, null]],
  ])('keeps %s', (_, type, values) => {
    const entries = type instanceof Null ? utf8 : type;

    expect(castAll(columnOf(type, values), new Dictionary(entries, new Int32())).values).toEqual(values);
  });

  it('reads the rows before it encodes them, and other keys than it has', () => {
    const to = new Dictionary(new Int32(), new Int32());

    expect(castAll(columnOf(utf8, ['1', 'x', '1']), to).values).toEqual([1, undefined, 1]);
    expect(castAll(columnOf(new Dictionary(utf8, new Int8()), ['1', 'x', '1']), to).values).toEqual([1, undefined, 1]);
  });

  it.each<[string, DataType, DataType]>([
    ['keys that a batch may have more of', utf8, new Dictionary(utf8, new Int16())],
    ['entries that values never become', utf8, new Dictionary(new List(new Field('item', utf8)), new Int32())],
  ])('is refused for %s', (_, from, to) => {
    expect(() => castAll(columnOf(from, []), to)).toThrow(/never becomes/);
  });
});
