import { type Intent, SluiceError } from '@sluice/core';

import type { TableInfo } from '../catalog/table-info.ts';
import { quoteName, quoteTable } from '../client/identifier.ts';
import type { Session } from '../client/session.ts';
import type { TargetColumn } from './sink-state.ts';

/** What the role has to be allowed, beside writing the columns. */
const TABLE_NEEDS: Readonly<Record<Intent['mode'], readonly string[]>> = {
  create: [],
  append: [],
  overwrite: ['TRUNCATE'],
  upsert: [],
};

interface Rights {
  readonly lacking: readonly string[] | null;
  readonly sequences: readonly string[] | null;
  readonly references: readonly string[] | null;
}

/** @throws `PERMISSION_DENIED`; `CONFIG_INVALID` for a table that cannot be emptied. */
export async function requireRights(
  session: Session,
  { name, oid, columns: there }: TableInfo,
  { mode, keys = [] }: Intent,
  columns: readonly TargetColumn[],
): Promise<void> {
  const given = columns.map((column) => column.name);
  const changed = mode === 'upsert' ? given.filter((column) => !keys.includes(column)) : [];
  // Where nothing is given, the server asks a sequence.
  const left = there.map((column) => column.name).filter((column) => !given.includes(column));
  const table = quoteTable(name);
  const [rights] = await session.rows<Rights>(
    `look at ${table}`,
    `SELECT (SELECT array_agg(DISTINCT need) FROM (
               SELECT need FROM unnest($2::text[]) AS t (need) WHERE NOT has_table_privilege($1::int8::oid, need)
               UNION ALL SELECT 'INSERT' FROM unnest($3::text[]) AS c (name)
                          WHERE NOT has_column_privilege($1::int8::oid, name, 'INSERT')
               UNION ALL SELECT 'UPDATE' FROM unnest($4::text[]) AS c (name)
                          WHERE NOT has_column_privilege($1::int8::oid, name, 'UPDATE')
               UNION ALL SELECT 'SELECT' FROM unnest($5::text[]) AS c (name)
                          WHERE NOT has_column_privilege($1::int8::oid, name, 'SELECT')) AS l) AS lacking,
            (SELECT array_agg(s::text) FROM unnest($6::text[]) AS c (name)
               JOIN pg_attribute a ON a.attrelid = $1::int8::oid AND a.attname = name AND a.attidentity = ''
              CROSS JOIN LATERAL pg_get_serial_sequence($7, name) AS s
              WHERE s IS NOT NULL AND NOT has_sequence_privilege(s, 'USAGE')) AS sequences,
            (SELECT array_agg(conrelid::regclass::text) FROM pg_constraint
              WHERE confrelid = $1::int8::oid AND conrelid <> confrelid AND contype = 'f') AS references`,
    [oid, TABLE_NEEDS[mode], given, changed, mode === 'upsert' ? given : [], left, table],
  );
  const { lacking, sequences, references } = rights!;
  if (lacking !== null) throw denied(`${lacking.join(', ')} on ${table}`);
  if (sequences !== null) throw denied(`USAGE on the sequence ${sequences.join(', ')}`);
  if (mode !== 'overwrite' || references === null) return;
  throw new SluiceError(
    'CONFIG_INVALID',
    `PostgreSQL: ${table} cannot be emptied: ${references.join(', ')} refers to it`,
    {
      hint: `Choose append, with the preCopyScript DELETE FROM ${quoteName(name.table)}, or upsert.`,
    },
  );
}

function denied(what: string): SluiceError {
  return new SluiceError('PERMISSION_DENIED', `PostgreSQL: the role lacks ${what}`, {
    hint: 'Grant it what it needs.',
  });
}
