import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { copy, fromBatches, read, type Receipt, SluiceError } from '@sluice/core';
import { postgres } from '@sluice/postgres';
import { Field, Int32, makeData, RecordBatch, Schema, Struct, Utf8, vectorFromArray } from 'apache-arrow';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';

import { type PostgresServer, startPostgres } from '../../../test/servers/postgres-server.ts';
import { type AdminSession, openAdmin } from './admin-session.ts';
import { type CuttingProxy, cuttingProxy } from './cutting-proxy.ts';

const ROWS = 3000;
const schema = new Schema([new Field('id', new Int32(), true), new Field('text', new Utf8(), true)]);
const batches = [0, 1, 2].map((batch) => {
  const ids = Array.from({ length: ROWS / 3 }, (_, i) => batch * (ROWS / 3) + i);
  const children = [
    vectorFromArray(ids, new Int32()).data[0]!,
    vectorFromArray(
      ids.map((id) => `row ${id}`),
      new Utf8(),
    ).data[0]!,
  ];
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: ids.length, nullCount: 0, children }),
  );
});

let server: PostgresServer;
let admin: AdminSession;
let proxy: CuttingProxy;
let folder: string;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => await server[Symbol.asyncDispose]());
beforeEach(async () => {
  admin = await openAdmin(server);
  proxy = await cuttingProxy(server.options.port);
  folder = await mkdtemp(join(tmpdir(), 'sluice-postgres-runs-'));
  await admin.rows('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
});
afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  await admin[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const through = () => postgres({ ...server.options, port: proxy.port });
const retry = { baseMs: 1, maxMs: 5 };

async function load(id: string): Promise<Receipt> {
  return await copy({
    from: fromBatches(schema, batches),
    to: through().load({ table: 'items', partRows: 700 }),
    mode: 'create',
    id,
    journal: folder,
    retry,
  });
}

async function rows(): Promise<number> {
  const [found] = await admin.rows<{ rows: string }>(`SELECT count(DISTINCT id) + count(*) AS rows FROM items`);
  return Number(found!.rows) / 2;
}

async function leftovers(): Promise<readonly object[]> {
  return await admin.rows(
    `SELECT tablename FROM pg_tables WHERE tablename LIKE 'sluice\\_%' AND tablename <> 'sluice_runs'`,
  );
}

describe('a load', () => {
  it.each(['COMMIT', 'BEGIN', 'INSERT INTO "public"."sluice_runs"'])(
    'has one effect when the reply to %s is lost',
    async (statement) => {
      proxy.loseReplyTo(statement);
      const receipt = await load('lost');

      expect(receipt).toMatchObject({ readRows: ROWS, writtenRows: ROWS });
      expect(await rows()).toBe(ROWS);
      expect(await leftovers()).toEqual([]);
    },
  );

  it('is there whole, once, wherever its connections are cut', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 3 }), async (cuts) => {
        await admin.rows('DROP TABLE IF EXISTS items');
        const id = `cut-${run++}`;
        let receipt: Receipt | undefined;
        for (const bytes of [...cuts, Infinity]) {
          proxy.cutAfter(bytes);
          receipt = await load(id).catch((error: unknown) => {
            if (SluiceError.is(error) && error.retryable) return undefined;
            throw error;
          });
        }
        expect(receipt).toMatchObject({ writtenRows: ROWS });
        expect(await rows()).toBe(ROWS);
        expect(await leftovers()).toEqual([]);
      }),
      { seed: inject('seed'), numRuns: 4 },
    );
  });
});

describe('reading', () => {
  beforeEach(async () => {
    await admin.rows(`CREATE TABLE items AS SELECT i AS id, 'row ' || i AS text FROM generate_series(1, 50000) i`);
  });

  it('is whole, wherever a connection is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (bytes) => {
        proxy.cutAfterReplies(bytes);
        let count = 0;
        for await (const batch of read(through().table({ table: 'items' }), { retry, batchRows: 1000 })) {
          count += batch.numRows;
        }
        expect(count).toBe(50_000);
      }),
      { seed: inject('seed'), numRuns: 5 },
    );
  });

  it('sees one moment, though rows come and go', async () => {
    let [count, isChanged] = [0, false];
    const source = postgres(server.options).table({ table: 'items' });
    for await (const batch of read(source, { batchRows: 1000 })) {
      if (!isChanged) {
        await admin.rows('DELETE FROM items WHERE id > 25000');
        isChanged = true;
      }
      count += batch.numRows;
    }
    expect(count).toBe(50_000);
  });

  it('fails when that moment is lost with the server, unless a later one will do', async () => {
    const readThrough = async (snapshot: 'same' | 'renew'): Promise<number> => {
      let [count, isKilled] = [0, false];
      const source = postgres(server.options).table({ table: 'items', snapshot });
      for await (const batch of read(source, { batchRows: 1000, retry: { baseMs: 50, attempts: 20 } })) {
        if (!isKilled) {
          await server.kill();
          await server.restart();
          isKilled = true;
        }
        count += batch.numRows;
      }
      return count;
    };

    await expect(readThrough('same')).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
    expect(await readThrough('renew')).toBe(50_000);
    admin = await openAdmin(server);
  });
});
