import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { bindScript, type ScriptParameter } from '../../src/script/bind-script.ts';
import { resultValue } from '../../src/script/result-value.ts';
import { boundValue, type ScriptType } from '../../src/script/script-value.ts';
import { sqlPieces } from '../../src/script/sql-text.ts';

const named = (...names: readonly string[]): readonly ScriptParameter[] =>
  names.map((name) => ({ name, type: 'String', value: `value of ${name}`, direction: 'Input' }));

const bound = (text: string, parameters = named('a', 'b')): readonly (readonly [string, readonly unknown[]])[] =>
  bindScript(text, parameters, 'scripts[0]').map(({ sql, values = [] }) => [sql, values]);

describe('CF-07 the values of a script', () => {
  it.each([
    ['a name', 'SELECT @a, @A, @b', 'SELECT $1::text, $1::text, $2::text', 2],
    ['no name of a parameter', 'SELECT @other, @ab', 'SELECT @other, @ab', 0],
    ['an operator', `SELECT x <@a, y @> b, @@a, @-@a, - @a`, `SELECT x <@a, y @> b, @@a, @-@a, - $1::text`, 1],
    ['a text', `SELECT '@a ''@a', E'\\'@a', @a`, `SELECT '@a ''@a', E'\\'@a', $1::text`, 1],
    ['a name in quotes', 'SELECT "@a ""@a", @a', 'SELECT "@a ""@a", $1::text', 1],
    ['a text between dollars', 'SELECT $$@a;$$, $x$ $$ @a $x$, @a', 'SELECT $$@a;$$, $x$ $$ @a $x$, $1::text', 1],
    ['a comment', 'SELECT 1 -- @a; \n, /* @a /* ; */ @b */ @a', 'SELECT 1 -- @a; \n, /* @a /* ; */ @b */ $1::text', 1],
    ['a name with a dollar', 'SELECT a$1, x.@b', 'SELECT a$1, x.$1::text', 1],
    ['what never ends', `SELECT @a, 'open @b`, `SELECT $1::text, 'open $2::text`, 2],
  ])('stand for %s', (_what, text, expected, count) => {
    const [[sql, values] = ['', []]] = bound(text);

    expect(sql).toBe(expected);
    expect(values).toHaveLength(count);
  });

  it('are those of each statement, and blank statements are none', () => {
    expect(bound('INSERT INTO x VALUES (@b);; -- done;\n UPDATE x SET a = @a; /* end; */ ')).toEqual([
      ['INSERT INTO x VALUES ($1::text)', ['value of b']],
      [' -- done;\n UPDATE x SET a = $1::text', ['value of a']],
    ]);
  });

  it('leave a text without parameters as it is', () => {
    const text = 'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT @a, $1';

    expect(bindScript(text, [{ name: 'o', type: 'String', direction: 'Output' }], '')).toEqual([{ sql: text }]);
  });

  it('are counted from $1 where they have no names, of one statement alone', () => {
    const parameters: readonly ScriptParameter[] = [
      { type: 'Int32', value: 1, direction: 'Input' },
      { name: '', type: 'Boolean', value: 'True', direction: 'InputOutput' },
    ];

    expect(bound('SELECT $2, $1, $2;', parameters)).toEqual([
      ['SELECT $1::boolean, $2::integer, $1::boolean', ['true', '1']],
    ]);
    expect(() => bound('SELECT $1; SELECT $2', parameters)).toThrow('there are several statements');
    expect(() => bound('SELECT $3', parameters)).toThrow('the text has $3, and no parameter is there for it');
  });

  it('never change the text around them, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...`'"$@;-/*\\ aE1\n`.split('')) }), (text) => {
        const pieces = sqlPieces(text).map((piece) => (piece.kind === 'end' ? ';' : piece.text));

        expect(pieces.join('')).toBe(text);
      }),
      { seed: inject('seed') },
    );
  });

  it.each<[ScriptType, unknown, string | null, string]>([
    ['Boolean', true, 'true', 'boolean'],
    ['DateTime', '2026-01-31T08:05:00.123Z', '2026-01-31T08:05:00.123Z', 'timestamptz'],
    ['DateTime', '2026-01-31T08:05:00', '2026-01-31T08:05:00', 'timestamp'],
    ['DateTime', '2026-01-31', '2026-01-31', 'timestamp'],
    ['DateTimeOffset', '2026-01-31T08:05:00+02:00', '2026-01-31T08:05:00+02:00', 'timestamptz'],
    ['Decimal', '12345678901234567890.5', '12345678901234567890.5', 'numeric'],
    ['Double', 'NaN', 'NaN', 'double precision'],
    ['Single', 1.5, '1.5', 'real'],
    ['Guid', '0f8fad5b-d9cb-469f-a165-70867728950e', '0f8fad5b-d9cb-469f-a165-70867728950e', 'uuid'],
    ['Int16', 7, '7', 'smallint'],
    ['Int64', 9007199254740993n, '9007199254740993', 'bigint'],
    ['String', 'x; --', 'x; --', 'text'],
    ['Timespan', '1.02:03:04', '1 days 02:03:04', 'interval'],
    ['Timespan', '-00:00:01', '-0 days -00:00:01', 'interval'],
    ['Int32', null, null, 'integer'],
  ])('of type %s: %s', (type, value, text, sqlType) => {
    expect(boundValue(value as never, type, 'x')).toEqual({ text, sqlType });
  });

  it.each<[ScriptType, unknown]>([
    ['Boolean', 'yes'],
    ['DateTime', 'yesterday'],
    ['Decimal', '1,5'],
    ['Guid', 'none'],
    ['Int32', 1.5],
    ['String', { a: 1 }],
    ['Timespan', '90 minutes'],
  ])('of type %s are not %j', (type, value) => {
    expect(() => boundValue(value as never, type, 'the parameter @x')).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: `the parameter @x must be of type ${type}` }),
    );
  });
});

describe('CF-07 the values of a result', () => {
  it.each([
    ['int8', '9007199254740993', 9007199254740993n],
    ['int8', '-42', -42],
    ['float8', '1e+300', 1e300],
    ['float4', '-Infinity', '-Infinity'],
    ['numeric', '0.00', 0],
    ['numeric', '100', 100],
    ['numeric', '0.1000000000000000000001', '0.1000000000000000000001'],
    ['timestamp', '2026-01-31 08:05:00', '2026-01-31T08:05:00.000'],
    ['timestamptz', '2026-01-31 00:05:00.5+05:30', '2026-01-30T18:35:00.500Z'],
    ['timestamptz', 'infinity', 'infinity'],
    ['date', '2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['date', '-infinity', '-infinity'],
    ['date', '0044-03-15 BC', '0044-03-15 BC'],
    ['time', '08:05:00', '08:05:00'],
    ['json', '{"a":null}', { a: null }],
    ['other', '{1,2}', '{1,2}'],
  ])('of type %s: %s', (type, text, expected) => {
    expect(resultValue(text, type)).toEqual(expected);
  });
});
