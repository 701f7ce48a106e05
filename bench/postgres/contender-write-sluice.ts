import { copy, fromBatches } from '@sluice/core';
import { postgres } from '@sluice/postgres';

import { benchSchema } from '../csv/csv-columns.ts';
import { decodeFile } from '../csv/decode-file.ts';
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
    await prepareTable(input);
    return { input, batches: [...decodeFile(input.path, 'wasm')] };
  },
  async ({ input, batches }) => {
    const { host, port, database, user, table, isThere } = input;
    await copy({
      from: fromBatches(benchSchema, batches),
      to: postgres({ host, port, database, user }).load({ table }),
      mode: isThere ? 'append' : 'create',
    });
    return async () => await tableFacts(input);
  },
);
