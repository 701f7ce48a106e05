import type { Client, QueryArrayConfig, QueryArrayResult } from 'pg';

import { typeWord } from '../catalog/column-type.ts';
import type { StatementResult } from '../statements/statement-result.ts';
import type { Driver } from './driver.ts';

interface StatementCall {
  readonly sql: string;
  readonly values: readonly (string | null)[];
  readonly maxRows: number;
}

type Cells = readonly (string | null)[];

/** Runs a text and keeps some rows of each of its results, whatever their number. @throws what the driver throws. */
export async function runStatement(
  { pg }: Driver,
  client: Client,
  { sql, values, maxRows }: StatementCall,
): Promise<readonly StatementResult[]> {
  const kept = new Map<object, { readonly rows: Cells[]; total: number }>();
  const config: QueryArrayConfig = {
    text: sql,
    values: [...values],
    rowMode: 'array',
    types: { getTypeParser: () => (text: unknown) => text },
  };
  const { promise, resolve, reject } = Promise.withResolvers<Results>();
  const query = new pg.Query<Cells>(config);
  // With a listener the driver keeps no row.
  query.on('row', (cells, result) => {
    let of = kept.get(result!);
    if (of === undefined) kept.set(result!, (of = { rows: [], total: 0 }));
    of.total += 1;
    if (of.rows.length < maxRows) of.rows.push(cells);
  });
  query.on('error', reject);
  // The driver's types leave out that several statements give as many results.
  query.on('end', (result) => resolve(result as unknown as Results));
  client.query(query);
  const results = await promise;
  return (Array.isArray(results) ? results : [results]).map((result: QueryArrayResult) => {
    const { rows = [], total = 0 } = kept.get(result) ?? {};
    return {
      command: result.command ?? '',
      rowCount: result.rowCount ?? undefined,
      fields: result.fields.map(({ name, dataTypeID }) => ({ name, type: typeWord(dataTypeID) })),
      rows,
      totalRows: total,
    };
  });
}

type Results = QueryArrayResult | readonly QueryArrayResult[];
