import { SluiceError } from '@sluice/core';

import { columnTypes } from '../catalog/type-catalog.ts';
import type { Session } from '../client/session.ts';
import { columnsOf, type PlannedColumn, type PostgresPlan, selectWhere } from './source-state.ts';

/**
 * Asks for no row of what the plan reads, which locks it until the end of the transaction, and compares the columns.
 *
 * @throws `SCHEMA_CHANGED`; what the server says of a table that is gone or may not be read any more.
 */
export async function requirePlanned(session: Session, plan: PostgresPlan): Promise<void> {
  const planned = columnsOf(plan);
  const results = await described(session, plan);
  const types = await columnTypes(session, results);
  const changed = planned.filter(({ type }, index) => {
    // What is read as its text is a text whatever it is.
    const found = types[index];
    return found === undefined || (type.kind === 'other' ? found.kind !== 'text' : formOf(found) !== formOf(type));
  });
  if (changed.length > 0) throw schemaChanged(changed);
}

async function described(session: Session, { select, conditions }: PostgresPlan): ReturnType<Session['describe']> {
  try {
    return await session.describe('read', `${selectWhere(select, conditions)} LIMIT 0`);
  } catch (error) {
    if (SluiceError.is(error) && error.code === 'FIELD_UNKNOWN') throw schemaChanged([], error);
    throw error;
  }
}

const NAMES: ReadonlySet<string> = new Set(['name', 'baseName', 'labels']);

/** A domain has another name here than in the catalogue, and is read as what it is made of. */
function formOf(type: PlannedColumn['type']): string {
  return JSON.stringify(type, (key, value: unknown) => (NAMES.has(key) ? undefined : value));
}

function schemaChanged(columns: readonly PlannedColumn[], cause?: unknown): SluiceError {
  const told = columns.map(({ name }) => name).join(', ');
  const what = columns.length === 0 ? 'a column is gone' : `these columns have other types: ${told}`;
  return new SluiceError('SCHEMA_CHANGED', `PostgreSQL: since the run was planned, ${what}`, {
    ...(cause === undefined ? {} : { cause }),
    hint: 'Abandon the run and start a new one.',
  });
}
