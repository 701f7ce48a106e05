import type { DataType } from 'apache-arrow';

import { callContext, type CallOptions } from '../client/call-options.ts';
import type { ParsedPostgresOptions } from '../client/postgres-options.ts';
import { withSession } from '../client/session.ts';
import { arrowType } from '../copy-out/arrow-column.ts';
import { requireTable } from './table-info.ts';

export interface TableReference {
  /** As it is called: case matters, no quotes. */
  readonly table: string;
  /** Default `public`. */
  readonly schema?: string;
}

export interface DescribedColumn {
  readonly name: string;
  /** As the server writes it, such as `numeric(10,2)`. */
  readonly type: string;
  /** What it is read as. */
  readonly arrowType: DataType;
}

export interface TableDescription {
  readonly columns: readonly DescribedColumn[];
  /** Columns of each unique index over plain columns without a condition, the primary key first. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** Whether the first of them is the primary key. */
  readonly hasPrimaryKey: boolean;
}

export async function describeTable(
  connection: ParsedPostgresOptions,
  { schema = 'public', table }: TableReference,
  options: CallOptions,
): Promise<TableDescription> {
  return await withSession(connection, callContext(options), 'look at the table', async (session) => {
    const { columns, uniqueKeys, oid } = await requireTable(session, { schema, table });
    const [primary] = await session.rows<{ has: boolean }>(
      'look at the table',
      'SELECT EXISTS (SELECT FROM pg_index WHERE indrelid = $1::int8::oid AND indisprimary) AS has',
      [oid],
    );
    return {
      columns: columns.map(({ name, type }) => ({ name, type: type.name, arrowType: arrowType(type, undefined) })),
      uniqueKeys,
      hasPrimaryKey: primary?.has === true,
    };
  });
}
