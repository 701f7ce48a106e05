import { describe, expect, it } from 'vitest';

import { columnShape } from '../../src/parquet/decode/column-shape.ts';
import type { SchemaElement } from '../../src/parquet/decode/file-footer.ts';
import { schemaTree } from '../../src/parquet/decode/schema-tree.ts';

type Repetition = 'required' | 'optional' | 'repeated';

/** A group as the format's own documents write it, `repeated list: group LIST { … }`; its members follow. */
function group(repetition: Repetition, name: string, members: number, converted?: 'LIST' | 'MAP'): SchemaElement {
  return { ...leaf(repetition, name, 'INT32'), physical: undefined, children: members, converted };
}

function leaf(repetition: Repetition, name: string, physical: 'INT32' | 'BYTE_ARRAY'): SchemaElement {
  return {
    name,
    physical,
    width: 0,
    repetition: ({ required: 'REQUIRED', optional: 'OPTIONAL', repeated: 'REPEATED' } as const)[repetition],
    children: 0,
    converted: physical === 'BYTE_ARRAY' ? 'UTF8' : undefined,
    logical: undefined,
    precision: 0,
    scale: 0,
  };
}

function typeOf(...elements: readonly SchemaElement[]): string {
  const [column] = schemaTree([group('required', 'schema', 1), ...elements]);
  return shown(columnShape(column!, 'micros').type);
}

/** Every type has a text, which the base class does not declare. */
function shown(type: { toString(): string }): string {
  return type.toString();
}

/** The examples of https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#nested-types. */
describe('nested columns by the rules of the format', () => {
  it('have items that are the one member of the group that repeats', () => {
    expect(
      typeOf(
        group('optional', 'my_list', 1, 'LIST'),
        group('repeated', 'list', 1),
        leaf('optional', 'element', 'BYTE_ARRAY'),
      ),
    ).toBe('List<Utf8>');
    expect(
      typeOf(group('optional', 'a', 1, 'LIST'), group('repeated', 'element', 1), leaf('required', 'str', 'BYTE_ARRAY')),
    ).toBe('List<Utf8>');
  });

  it('have items that are what repeats, as older writers have them', () => {
    expect(typeOf(group('optional', 'a', 1, 'LIST'), leaf('repeated', 'element', 'INT32'))).toBe('List<Int32>');
    expect(
      typeOf(
        group('optional', 'a', 1, 'LIST'),
        group('repeated', 'element', 2),
        leaf('required', 'str', 'BYTE_ARRAY'),
        leaf('required', 'num', 'INT32'),
      ),
    ).toBe('List<Struct<{str:Utf8, num:Int32}>>');
    for (const name of ['array', 'a_tuple']) {
      expect(
        typeOf(group('optional', 'a', 1, 'LIST'), group('repeated', name, 1), leaf('required', 'str', 'BYTE_ARRAY')),
      ).toBe('List<Struct<{str:Utf8}>>');
    }
    expect(
      typeOf(group('optional', 'a', 1, 'LIST'), group('repeated', 'element', 1), leaf('repeated', 'num', 'INT32')),
    ).toBe('List<Struct<{num:List<Int32>}>>');
  });

  it('are lists where something repeats outside of any list', () => {
    expect(typeOf(leaf('repeated', 'num', 'INT32'))).toBe('List<Int32>');
    expect(typeOf(group('repeated', 'pair', 1), leaf('optional', 'num', 'INT32'))).toBe('List<Struct<{num:Int32}>>');
  });

  it('are maps by keys that are never null', () => {
    expect(
      typeOf(
        group('required', 'my_map', 1, 'MAP'),
        group('repeated', 'map', 2),
        leaf('required', 'str', 'BYTE_ARRAY'),
        leaf('optional', 'num', 'INT32'),
      ),
    ).toBe('Map<{key:Utf8, value:Int32}>');
  });

  it('are refused with nothing in them', () => {
    expect(() => typeOf(group('optional', 'nothing', 0))).toThrowError(
      expect.objectContaining({ code: 'TYPE_UNSUPPORTED', message: expect.stringContaining('column nothing') }),
    );
    expect(() =>
      typeOf(group('optional', 'keys', 1, 'MAP'), group('repeated', 'map', 1), leaf('required', 'key', 'INT32')),
    ).toThrowError(
      expect.objectContaining({ code: 'TYPE_UNSUPPORTED', message: expect.stringContaining('column keys') }),
    );
  });
});

describe('a schema that is not whole', () => {
  it.each([
    ['no root', []],
    ['no root', [leaf('required', 'a', 'INT32')]],
    ['not whole', [group('required', 'schema', 2), leaf('required', 'a', 'INT32')]],
    ['no group', [group('required', 'schema', 1), leaf('required', 'a', 'INT32'), leaf('required', 'b', 'INT32')]],
    ['not whole', Array.from({ length: 100 }, () => group('required', 'deeper', 1))],
  ] as const)('is damage: %s', (problem, elements) => {
    expect(() => schemaTree(elements)).toThrowError(
      expect.objectContaining({ code: 'FILE_CORRUPT', message: expect.stringContaining(problem) }),
    );
  });
});
