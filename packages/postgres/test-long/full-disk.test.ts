import { expect, it } from 'vitest';

import { startPostgres } from '../../../test/servers/postgres-server.ts';
import { openAdmin } from '../test/admin-session.ts';
import { loadInto, refused, stagingTables, texts } from '../test/small-loads.ts';

const MAX_FILE_BYTES = 4_000_000;
const TEXT_CHARACTERS = 1000;
const ROWS_BEFORE = 1000;

const wide = (rows: number) => ({
  text: texts(...Array.from({ length: rows }, (_, i) => String(i).padStart(TEXT_CHARACTERS))),
});
const retry = { attempts: 2, baseMs: 1, maxMs: 1 };

// A bound on the server's files stands for a full disk, which takes rights to make.
it('a server whose disk is full ends a load with STORAGE_FULL, keeps what was there, and takes what has room later', async () => {
  await using server = await startPostgres({ maxFileBytes: MAX_FILE_BYTES });
  await using admin = await openAdmin(server);
  await admin.rows('CREATE TABLE items (text text)');
  await loadInto(server.options, wide(ROWS_BEFORE), { table: 'items', mode: 'append' });
  const count = async (): Promise<unknown> => (await admin.rows('SELECT count(*)::int4 AS rows FROM items'))[0];

  // More than there is room to stage, and then more than there is room for in the table.
  for (const [rows, doing] of [
    [5000, 'stage part'],
    [2900, 'move rows'],
  ] as const) {
    const error = await refused(loadInto(server.options, wide(rows), { table: 'items', mode: 'append', retry }));

    expect(error).toMatchObject({ code: 'STORAGE_FULL', retryable: false, message: expect.stringContaining(doing) });
    expect(await count()).toEqual({ rows: ROWS_BEFORE });
    expect(await stagingTables(admin)).toEqual([]);
  }

  await admin.rows('VACUUM FULL items');
  await loadInto(server.options, wide(200), { table: 'items', mode: 'append' });
  expect(await count()).toEqual({ rows: ROWS_BEFORE + 200 });
});
