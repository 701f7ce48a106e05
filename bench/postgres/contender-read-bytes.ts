import pg from 'pg';
import { to } from 'pg-copy-streams';

import { measure } from '../harness/measure.ts';
import { postgresInput } from './postgres-input.ts';

const WITHOUT_ROWS = 21;

await measure(async (given) => {
  const { host, port, database, user, table } = postgresInput.parse(given);
  const client = new pg.Client({ host, port, database, user });
  await client.connect();
  let bytes = 0;
  const stream = client.query(to(`COPY ${table} TO STDOUT (FORMAT binary)`));
  for await (const chunk of stream) bytes += (chunk as Uint8Array).length;
  await client.end();
  return () => ({ holdsRows: bytes > WITHOUT_ROWS ? 1 : 0 });
});
