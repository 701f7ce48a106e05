import { copy, fromBatches } from '@sluice/core';
import { postgres } from '@sluice/postgres';
import {
  makeData,
  RecordBatch,
  Schema,
  Field,
  Struct,
  vectorFromArray,
  Utf8,
  Int32,
  Decimal,
  type DataType,
  tableFromArrays,
} from 'apache-arrow';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { type PostgresServer, startPostgres } from './postgres-server.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => await server[Symbol.asyncDispose]());

test('creates a table', async () => {
  const table = tableFromArrays({ id: Int32Array.from([1, 2, 3]), name: ['a', 'b', 'c'] });
  const db = postgres(server.options);
  const receipt = await copy({ from: fromBatches(table.schema, table.batches), to: db.load({ table: 'people' }) });
  expect(receipt.writtenRows).toBe(3);
});
