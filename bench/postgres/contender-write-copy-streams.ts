import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import pg from 'pg';
import { from } from 'pg-copy-streams';

import { measurePrepared } from '../harness/measure.ts';
import { CSV_FORM, prepareTable } from './bench-table.ts';
import { postgresInput } from './postgres-input.ts';
import { tableFacts } from './table-facts.ts';

await measurePrepared(
  async (given) => {
    const input = postgresInput.parse(given);
    await prepareTable(input);
    return input;
  },
  async (input) => {
    const { host, port, database, user, table, path } = input;
    const client = new pg.Client({ host, port, database, user });
    await client.connect();
    await pipeline(createReadStream(path), client.query(from(`COPY ${table} FROM STDIN ${CSV_FORM}`)));
    await client.end();
    return async () => await tableFacts(input);
  },
);
