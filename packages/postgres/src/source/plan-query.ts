import { type Plan, SluiceError } from '@sluice/core';

import { columnTypes } from '../catalog/type-catalog.ts';
import type { Session } from '../client/session.ts';
import { schemaOf, selectList } from './plan-columns.ts';
import { notesOf } from './plan-table.ts';
import type { ParsedQueryOptions } from './source-options.ts';
import type { PostgresPlan } from './source-state.ts';

/** @throws `QUERY_INVALID`, `OBJECT_UNKNOWN`, `FIELD_UNKNOWN`, `PERMISSION_DENIED` as the server says; `CONFIG_INVALID`. */
export async function planQuery(
  session: Session,
  query: string,
  { numeric }: ParsedQueryOptions,
): Promise<Plan<PostgresPlan>> {
  const text = query.trim().replace(/;$/, '');
  const from = `FROM (${text}\n) AS query`;
  const results = await session.describe('read the query', `SELECT * ${from} LIMIT 0`);
  if (results.length === 0) {
    throw new SluiceError('CONFIG_INVALID', 'PostgreSQL: the query gives no column', { hint: 'Select one.' });
  }
  const repeated = results.find(({ name }, index) => results.findIndex((other) => other.name === name) !== index);
  if (repeated !== undefined) {
    throw new SluiceError('CONFIG_INVALID', `PostgreSQL: two columns of the query are called ${repeated.name}`, {
      hint: 'Give each a name of its own with AS.',
    });
  }
  const types = await columnTypes(session, results);
  const columns = results.map(({ name }, index) => ({ name, type: types[index]! }));
  return {
    state: {
      version: 1,
      select: `SELECT ${selectList(columns)} ${from}`,
      conditions: [],
      splitBy: null,
      columns: columns.map(({ name, type }) => ({ name, type: JSON.stringify(type) })),
      numeric: numeric ?? null,
    },
    schema: schemaOf(columns, numeric),
    estimate: {},
    notes: notesOf(columns),
  };
}
