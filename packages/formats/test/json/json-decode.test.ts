import { Bool, Decimal, Field, Float64, Int64, Schema, TimestampMillisecond, Utf8 } from 'apache-arrow';
import * as fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { deliveriesOf, failureOf, rowsIn } from './decoded-json.ts';

const seed = inject('seed');
const AB = [
  { a: '1', b: 'x' },
  { a: '2', b: null },
];

const text = (...names: readonly string[]): Schema =>
  new Schema(names.map((name) => new Field(name, new Utf8(), true)));

describe('json, read', () => {
  it.each([
    ['lines', '{"a":1,"b":"x"}\n{"a":2}\n'],
    ['lines without a last end, and with blank ones', '\n{"a":1,"b":"x"}\r\n\r\n{"a":2}'],
    ['objects one after the other', '{"a":1,"b":"x"}{"a":2,"b":null}'],
    ['objects over several lines', '{\n  "a": 1,\n  "b": "x"\n}\n{\n  "a": 2\n}\n'],
    ['an array', '[{"a":1,"b":"x"},\n {"a":2,"b":null}]\n'],
    ['a byte order mark', '\uFEFF[{"a":1,"b":"x"},{"a":2}]'],
    ['UTF-16', Buffer.from('\uFEFF{"a":1,"b":"x"}\n{"a":2}\n', 'utf16le')],
  ])('takes %s, wherever bytes are cut', async (_what, content) => {
    for (const chunkBytes of [1, 2, 3, 5, 1000]) expect(await rowsIn(content, { chunkBytes })).toEqual(AB);
  });

  it('takes a single object, an empty array, and nothing at all where columns are declared', async () => {
    expect(await rowsIn('{"a":1}')).toEqual([{ a: '1' }]);
    expect(await rowsIn(' [ ] ', { schema: text('a') })).toEqual([]);
    expect(await rowsIn('', { schema: text('a') })).toEqual([]);
    expect(await failureOf('')).toBe('ROW_MALFORMED: there is no row of JSON to tell the columns by');
  });

  it('gives strings as what they say, and other values as they are written', async () => {
    const row = String.raw`{"s":"a\"\\\/\b\f\n\r\tß\u00df\ud83d\ude80\ud800x","n":-1.50E+2,"t":true,"e":"","o":{ "x" : [1, "]"] },"z":null}`;

    expect(await rowsIn(row)).toEqual([
      { s: 'a"\\/\b\f\n\r\tßß🚀\uFFFDx', n: '-1.50E+2', t: 'true', e: '', o: '{ "x" : [1, "]"] }', z: null },
    ]);
    expect(await rowsIn('{"s":"a\\"","n":1,"z":null}', { values: 'json' })).toEqual([{ s: '"a\\""', n: '1', z: null }]);
  });

  it('reads declared types from the same text, exactly', async () => {
    const schema = new Schema([
      new Field('d', new Decimal(4, 38, 128), true),
      new Field('i', new Int64(), true),
      new Field('f', new Float64(), true),
      new Field('b', new Bool(), true),
      new Field('t', new TimestampMillisecond('UTC'), true),
    ]);
    const rows = [
      '{"d":1234567890123456789012345678901234.5678,"i":9223372036854775807,"f":0.1,"b":true,"t":"2024-04-16T19:00:00.000Z"}',
      '{"d":"0.0001","i":"-9223372036854775808","f":1e300,"b":false,"other":[]}',
    ].join('\n');

    expect(await rowsIn(rows, { schema, otherColumns: 'skip' })).toEqual([
      {
        d: '1234567890123456789012345678901234.5678',
        i: 9_223_372_036_854_775_807n,
        f: 0.1,
        b: true,
        t: '2024-04-16T19:00:00.000Z',
      },
      { d: '0.0001', i: -9_223_372_036_854_775_808n, f: 1e300, b: false, t: null },
    ]);
  });

  it('rejects a row whose value its column cannot take, empty text among them', async () => {
    const schema = new Schema([new Field('i', new Int64(), true)]);

    const [delivery] = await deliveriesOf('{"i":1}{"i":""}{"i":"x"}{"i":2}', { schema });

    expect(delivery?.batch.numRows).toBe(2);
    expect(delivery?.rejects?.map(({ row, code, columns }) => [row, code, columns])).toEqual([
      [1, 'VALUE_INVALID', ['i']],
      [2, 'VALUE_INVALID', ['i']],
    ]);
  });

  it('finds values by path, and elements of an array with the object around them', async () => {
    const order = '{"id":7,"owner":{"name":"Ann","tags":["x","y"]},"lines":[{"sku":"a","n":1},{"sku":"b"}]}';
    const other = '{"id":8,"owner":null,"lines":[]}{"id":9,"owner":{"tags":[]}}{"id":10,"lines":[{"sku":"\\u0063"}]}';
    const columns = { id: '$.id', owner: "$['owner']['name']", tag: '$.owner.tags[1]', all: '$.owner' };

    expect(await rowsIn(order + other, { columns })).toEqual([
      { id: '7', owner: 'Ann', tag: 'y', all: '{"name":"Ann","tags":["x","y"]}' },
      { id: '8', owner: null, tag: null, all: null },
      { id: '9', owner: null, tag: null, all: '{"tags":[]}' },
      { id: '10', owner: null, tag: null, all: null },
    ]);
    const lines = { rows: '$.lines', columns: { id: '$.id', owner: '$.owner.name', sku: "['sku']", n: 'n' } };
    for (const chunkBytes of [1, 7, 1000]) {
      expect(await rowsIn(order + other, { ...lines, chunkBytes, batchRows: 2 })).toEqual([
        { id: '7', owner: 'Ann', sku: 'a', n: '1' },
        { id: '7', owner: 'Ann', sku: 'b', n: null },
        { id: '10', owner: null, sku: 'c', n: null },
      ]);
    }
  });

  it('takes the last of members of one name, however it is written', async () => {
    expect(await rowsIn('{"a":1,"a":{"b":2},"\\u0061":"last"}')).toEqual([{ a: 'last' }]);
    expect(await rowsIn('{"a":{"b":1},"a":{}}', { columns: { b: '$.a.b' } })).toEqual([{ b: null }]);
  });

  it('takes columns from the rows at the start of the file, and rejects a row with another', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `{"a":${i},"pad":"${'x'.repeat(50)}"}`);
    rows[10] = '{"a":10,"late":1}';
    rows[29_999] = '{"a":29999,"later":1}';

    const deliveries = await deliveriesOf(rows.join('\n'), { batchRows: 100_000 });

    expect(deliveries[0]?.batch.schema.fields.map(({ name }) => name)).toEqual(['a', 'pad', 'late']);
    expect(deliveries.flatMap(({ rejects = [] }) => rejects)).toEqual([
      { row: 29_999, code: 'VALUE_INVALID', message: '"later" is no column', columns: [] },
    ]);
  });

  it.each([
    ['{"a":1}\n{"a":}\n', 'ROW_MALFORMED: row 1, line 2, byte 13: no JSON from here on'],
    ['{"a":1}\n[]', 'ROW_MALFORMED: row 1, line 2, byte 8: no JSON from here on'],
    ['{"a":1}\n{"a":"x', 'FILE_CORRUPT: row 1, line 2, byte 15: the file ends within a row'],
    ['[{"a":1},\n{"a":2}', 'FILE_CORRUPT: row 2, line 2, byte 17: the file ends within its array'],
    ['[{"a":1},]', 'ROW_MALFORMED: row 1, line 1, byte 9: no JSON from here on'],
    ['[{"a":1} {"a":2}]', 'ROW_MALFORMED: row 1, line 1, byte 9: no JSON from here on'],
    ['[{"a":1}]x', 'ROW_MALFORMED: row 1, line 1, byte 9: text behind the end of the array'],
    ['{"a":01}', 'ROW_MALFORMED: row 0, line 1, byte 5: no JSON from here on'],
    ['{"a":1.}', 'ROW_MALFORMED: row 0, line 1, byte 5: no JSON from here on'],
    ['{"a":"\t"}', 'ROW_MALFORMED: row 0, line 1, byte 6: no JSON from here on'],
    [String.raw`{"a":"\x"}`, 'ROW_MALFORMED: row 0, line 1, byte 6: no JSON from here on'],
    ['{"a":tru}', 'ROW_MALFORMED: row 0, line 1, byte 5: no JSON from here on'],
    ['{"a" 1}', 'ROW_MALFORMED: row 0, line 1, byte 5: no JSON from here on'],
    [`{"a":${'['.repeat(300)}`, 'ROW_MALFORMED: row 0, line 1, byte 260: no JSON from here on'],
    [Buffer.from('{"a":1}\n{"a":"\xe9"}', 'latin1'), 'ROW_MALFORMED: row 1, line 2, byte 8: text that is not UTF-8'],
  ])('refuses %j by row, line and byte', async (content, message) => {
    for (const chunkBytes of [1, 1000])
      expect(await failureOf(content, { schema: text('a'), chunkBytes })).toBe(message);
  });

  it('rejects lines that are no row when asked to', async () => {
    const lines = ['{"a":1}', '{"a":', 'no', '{"a":2} x', '{"a":3}', '{"a":"\xe9"}', '', '{"a":4}'];
    const options = { rowPerLine: true, malformedRows: 'reject', schema: text('a') } as const;

    for (const chunkBytes of [1, 1000]) {
      const deliveries = await deliveriesOf(Buffer.from(lines.join('\n'), 'latin1'), { ...options, chunkBytes });

      expect(deliveries.map(({ batch }) => batch.numRows)).toEqual([3]);
      expect(deliveries[0]?.rejects?.map(({ row, code, message }) => [row, code, message])).toEqual([
        [1, 'ROW_MALFORMED', 'no JSON object from here on'],
        [2, 'ROW_MALFORMED', 'no JSON object from here on'],
        [3, 'ROW_MALFORMED', 'no JSON object from here on'],
        [5, 'ROW_MALFORMED', 'text that is not UTF-8'],
      ]);
    }
    expect(await failureOf('{"a":1}{"a":2}\n', { rowPerLine: true })).toContain('no JSON object from here on');
  });

  it('bounds a row that never ends', async () => {
    expect(await failureOf(`{"a":"${'x'.repeat(2000)}`, { maxRowBytes: 1000, chunkBytes: 100 })).toContain(
      'a row without an end',
    );
    expect(await failureOf(`{"a":"${'x'.repeat(2000)}"}`, { maxRowBytes: 1000 })).toContain('no JSON from here on');
  });

  it('reads rows larger than its window', async () => {
    const long = 'x'.repeat(1_000_000);

    expect(await rowsIn(`{"a":"${long}\\n"}{"a":"y"}`, { chunkBytes: 60_000 })).toEqual([
      { a: `${long}\n` },
      { a: 'y' },
    ]);
  });

  it('agrees with JSON.parse about every object, wherever bytes are cut', async () => {
    const object = fc.dictionary(fc.constantFrom('a', 'b', 'ß', 'q"'), fc.jsonValue({ maxDepth: 2 }));
    const schema = text('a', 'b', 'ß', 'q"');
    const shown = (value: unknown): string | null => {
      if (value === undefined || value === null) return null;
      return typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value);
    };

    await fc.assert(
      fc.asyncProperty(
        fc.array(object, { maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        async (objects, chunkBytes) => {
          const content = objects.map((one) => JSON.stringify(one)).join('\n');

          const rows = await rowsIn(content, { schema, chunkBytes });

          expect(rows).toEqual(
            objects.map((one) => Object.fromEntries(schema.fields.map(({ name }) => [name, shown(one[name])]))),
          );
        },
      ),
      { seed, numRuns: 200 },
    );
  });

  it.each([
    [{ rows: '$.lines' }, 'rows needs columns'],
    [{ columns: {} }, 'columns names none'],
    [{ columns: { a: '$[' } }, 'is no path'],
    [{ columns: { a: '$.a' }, rows: '$' }, 'rows must lead to an array'],
    [{ malformedRows: 'reject' as const }, 'malformedRows needs rowPerLine'],
    [{ maxRowBytes: 0 }, 'maxRowBytes'],
    [{ encoding: 'none' }, '"none" is no encoding'],
  ])('refuses the options %j', async (options, message) => {
    await expect(rowsIn('', options)).rejects.toThrow(message);
  });
});
