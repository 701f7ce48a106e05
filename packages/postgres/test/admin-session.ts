import pg from 'pg';

import type { PostgresServer } from '../../../test/servers/postgres-server.ts';

/** A connection of the test's own, to set things up and to look. */
export interface AdminSession extends AsyncDisposable {
  rows<R extends object>(sql: string, values?: readonly unknown[]): Promise<readonly R[]>;
}

export async function openAdmin({ options: { host, port, user, database } }: PostgresServer): Promise<AdminSession> {
  const client = new pg.Client({ host, port, user, database });
  client.on('error', () => {});
  await client.connect();
  return {
    rows: async (sql, values = []) => (await client.query(sql, [...values])).rows,
    [Symbol.asyncDispose]: async () => await client.end(),
  };
}
