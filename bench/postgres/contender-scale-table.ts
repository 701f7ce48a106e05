import { copy } from '@sluice/core';
import { postgres } from '@sluice/postgres';

import { measurePrepared } from '../harness/measure.ts';
import { prepareTable } from './bench-table.ts';
import { postgresInput } from './postgres-input.ts';
import { tableFacts } from './table-facts.ts';

// Loaded off the clock, as the others have them.
await import('pg');
await import('pg-copy-streams');

await measurePrepared(
  async (given) => {
    const input = postgresInput.parse(given);
    const written = { ...input, table: `${input.table}_copy` };
    await prepareTable(written);
    return { input, written };
  },
  async ({ input, written }) => {
    const { host, port, database, user, table, splitRows } = input;
    const db = postgres({ host, port, database, user });
    await copy({ from: db.table({ table, splitRows }), to: db.load({ table: written.table }) });
    return async () => {
      const { rows } = await tableFacts(written);
      await prepareTable(written);
      return { rows: rows! };
    };
  },
);
