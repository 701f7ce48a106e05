import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { batchBytes, type Row, sameSchema } from '@sluice/core';
import { rowsOf } from '@sluice/testkit';
import type { Field, RecordBatch, Schema } from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { arrowIpc } from '../../src/arrow-ipc/arrow-ipc-format.ts';
import { BOUNDS, openBytes, readBytes } from './memory-file.ts';

const folder = join(import.meta.dirname, 'golden');
const files = readdirSync(folder).filter((name) => name.endsWith('.parquet'));

async function valuesOf(name: string): Promise<readonly RecordBatch[]> {
  async function* input(): AsyncGenerator<Uint8Array, void, undefined> {
    yield readFileSync(join(folder, `${name.split('.')[0]}.arrows`));
  }
  const { signal } = new AbortController();
  const deliveries = await Array.fromAsync(arrowIpc().decode!(input(), { batch: BOUNDS, signal }));
  return deliveries.map(({ batch }) => batch);
}

function columnsOf(rows: readonly Row[], names: readonly string[]): readonly Row[] {
  return rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name]!])));
}

describe('files of another writer', () => {
  it('are there', () => {
    expect(files.length).toBeGreaterThan(20);
  });

  it.each(files)('hold the rows that they were made of: %s', async (name) => {
    const bytes = readFileSync(join(folder, name));
    const values = await valuesOf(name);
    const { schema, rows } = await openBytes(bytes);
    const names = schema.fields.map((field) => field.name);
    const expected = name === 'flat.empty.parquet' ? [] : columnsOf(values.flatMap(rowsOf), names);

    for (const batch of [{}, { rows: 7 }, { bytes: 500 }]) {
      const batches = await readBytes(bytes, { batch });

      expect(batches.flatMap(rowsOf)).toEqual(expected);
      expect(rows).toBe(expected.length);
      for (const read of batches) {
        expect(sameSchema(schema, read.schema)).toBeUndefined();
        expect(read.numRows === 1 || batchBytes(read) <= (batch.bytes ?? Infinity)).toBe(true);
      }
    }
  });

  it.each(files)('have the types that their writer says, all of them nullable: %s', async (name) => {
    const { schema } = await openBytes(readFileSync(join(folder, name)));
    const [first] = await valuesOf(name);

    const types = flatTypes(schema);
    expect(types).toEqual(flatTypes(first!.schema).filter((type) => types.includes(type)));
    expect(types.length + nestedFields(schema).length).toBe(schema.fields.length);
    expect(schema.fields.every(({ nullable }) => nullable)).toBe(true);
  });

  it('have the metadata that their writer says', async () => {
    const { schema } = await openBytes(readFileSync(join(folder, 'types.declared.parquet')));

    expect(schema.metadata.get('owner')).toBe('tests');
  });
});

/** The names of the members of lists differ. */
function nestedFields({ fields }: Schema): readonly Field[] {
  return fields.filter(({ type }) => (type.children ?? []).length > 0);
}

function flatTypes(schema: Schema): readonly string[] {
  const nested = nestedFields(schema);
  const flat = schema.fields.filter((field) => !nested.includes(field));
  return flat.map(({ name, type }) => `${name}: ${String(type)}`).sort();
}
