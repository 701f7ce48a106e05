import { describe, expect, it } from 'vitest';

import { loading, unloading, type Json, type Setup } from './copy-factory.ts';
import { accountDataset, csvDataset, parquetDataset } from './factory-files.ts';

describe('a mapping', () => {
  const translated = (translator: unknown, setup?: Setup): readonly string[] => unloading({}, setup, { translator });
  const mapped = (...mappings: readonly Json[]): readonly string[] =>
    translated({ type: 'TabularTranslator', mappings });

  it.each([
    [
      'MAP-03 a column without a name',
      [{ source: {}, sink: { name: 'a' } }],
      'translator.mappings[0].source: names no column',
    ],
    [
      'MAP-03 a column twice',
      [
        { source: { name: 'a' }, sink: { name: 'x' } },
        { source: { name: 'b' }, sink: { name: 'x' } },
      ],
      'translator.mappings[1].sink.name: another mapping leads to "x", too',
    ],
    [
      'MAP-04 a place from 0',
      [{ source: { ordinal: 0 }, sink: { name: 'x' } }],
      'translator.mappings[0].source.ordinal: must be at least 1',
    ],
    [
      'MAP-05 a second array',
      [{ source: { path: "$['a'][*]['b']" }, sink: { name: 'x' } }],
      'translator.mappings[0].source.path: goes through an array',
    ],
    [
      'CNV-05 a culture that is not known',
      [{ source: { name: 'a', culture: 'de-DE' }, sink: { name: 'x', culture: 'en-US' } }],
      'translator.mappings[0].source.culture: the culture "de-DE" is not known here',
    ],
    [
      'MAP-06 a type that is none',
      [{ source: { name: 'a', type: 'Text' }, sink: { name: 'x' } }],
      'translator.mappings[0].source.type: is not a type that is known here',
    ],
    [
      'FM-06 a name Parquet has not',
      [{ source: { name: 'a' }, sink: { name: 'a b' } }],
      'translator.mappings[0].sink.name: is no name for a column of a Parquet file',
    ],
  ])('%s is refused', (_name, mappings, expected) => {
    expect(mapped(...mappings)).toEqual([expected]);
  });

  it('MAP-04 takes places as numbers and as texts', () => {
    expect(
      mapped({ source: { ordinal: 3 }, sink: { name: 'a' } }, { source: { ordinal: '4' }, sink: { name: 'b' } }),
    ).toEqual([]);
  });

  it('CNV-05 MAP-06 refuses date formats that are none', () => {
    expect(mapped({ source: { name: 'a', format: 'q' }, sink: { name: 'x' } })).toEqual([
      expect.stringMatching(/source.format: is not a date format/),
    ]);
    expect(
      translated({ type: 'TabularTranslator', typeConversion: true, typeConversionSettings: { dateTimeFormat: 'q' } }),
    ).toHaveLength(1);
    expect(
      translated({
        type: 'TabularTranslator',
        typeConversionSettings: { dateTimeFormat: 'yyyy-MM-dd HH:mm:ss.fff', treatBooleanAsNumber: true },
      }),
    ).toEqual([]);
  });

  it('MAP-07 may be an expression as a whole', () => {
    expect(translated({ type: 'Expression', value: '@pipeline().parameters.mapping' })).toEqual([
      expect.stringMatching(/there is no parameter "mapping"/),
    ]);
    expect(translated({ type: 'Expression', value: "@json('{}')" })).toEqual([]);
    expect(translated({ type: 'Translator' })).toEqual(['translator.type: must be "TabularTranslator"']);
  });

  it('MAP-08 takes the legacy forms, and refuses columns twice, unknown or too few', () => {
    const structure = [{ name: 'a' }, { name: 'b' }];
    const setup = {
      datasets: { parquet: { ...parquetDataset, structure }, account: { ...accountDataset, structure } },
    };
    const legacy = (columnMappings: unknown): readonly string[] =>
      translated({ type: 'TabularTranslator', columnMappings }, setup);

    expect(legacy({ a: 'b', b: 'a' })).toEqual([]);
    expect(legacy('a: b, b: a')).toEqual([]);
    expect(legacy({ a: 'b', b: 'b' })).toEqual([
      expect.stringMatching(/leads to "b" twice/),
      expect.stringMatching(/leads to 1 columns; the structure of the sink has 2/),
    ]);
    expect(legacy({ c: 'a', b: 'b' })).toEqual([
      expect.stringMatching(/names "c", which the structure of the source has not/),
    ]);
    expect(legacy('a')).toEqual([
      'translator.columnMappings: must be an object of names, or a text such as "a: x, b: y"',
    ]);
  });

  it('FM-02 MAP-04 of a file without a header goes by place', () => {
    const { firstRowAsHeader: _, ...typeProperties } = csvDataset['typeProperties'] as Json;
    const setup = { datasets: { csv: { ...csvDataset, typeProperties } } };
    const byName = {
      translator: { type: 'TabularTranslator', mappings: [{ source: { name: 'a' }, sink: { name: 'Name' } }] },
    };
    const byPlace = {
      translator: { type: 'TabularTranslator', mappings: [{ source: { ordinal: 1 }, sink: { name: 'Name' } }] },
    };

    expect(loading({}, setup)).toEqual([expect.stringMatching(/^translator: the source file has no header/)]);
    expect(loading({}, setup, byName)).toEqual([
      'translator.mappings[0].source.ordinal: is missing: the file has no header, so columns have no names',
    ]);
    expect(loading({}, setup, byPlace)).toEqual([]);
  });
});
