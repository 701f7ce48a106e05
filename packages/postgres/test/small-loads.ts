import { copy, type CopyOptions, fromBatches, type Receipt, SluiceError } from '@sluice/core';
import { postgres, type PostgresOptions, type PostgresSinkOptions } from '@sluice/postgres';
import {
  type DataType,
  Field,
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';

import type { AdminSession } from './admin-session.ts';

export type Columns = Readonly<Record<string, { readonly type: DataType; readonly values: readonly unknown[] }>>;

export const numbers = (...values: (number | null)[]) => ({ type: new Int32(), values });
export const texts = (...values: (string | null)[]) => ({ type: new Utf8(), values });

export function batchOf(columns: Columns): RecordBatch {
  const schema = new Schema(Object.entries(columns).map(([name, { type }]) => new Field(name, type, true)));
  const children = Object.values(columns).map(({ type, values }) => vectorFromArray(values as never[], type).data[0]!);
  const length = Object.values(columns)[0]!.values.length;
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
}

export type Load = PostgresSinkOptions &
  Pick<CopyOptions, 'mode' | 'keys' | 'maxRejects' | 'truncateWhenEmpty' | 'signal' | 'retry'>;

/** @param onRead Called when the first row is asked for. */
export async function loadInto(
  options: PostgresOptions,
  columns: Columns,
  { mode, keys, maxRejects, truncateWhenEmpty, signal, retry, ...sink }: Load,
  onRead: () => void = () => {},
): Promise<Receipt> {
  const batch = batchOf(columns);
  return await copy({
    from: fromBatches(batch.schema, () => {
      onRead();
      return [batch];
    }),
    to: postgres(options).load(sink),
    ...(mode === undefined ? {} : { mode }),
    ...(keys === undefined ? {} : { keys }),
    ...(maxRejects === undefined ? {} : { maxRejects }),
    ...(truncateWhenEmpty === undefined ? {} : { truncateWhenEmpty }),
    ...(signal === undefined ? {} : { signal }),
    ...(retry === undefined ? {} : { retry }),
  });
}

export async function refused(load: Promise<unknown>): Promise<SluiceError> {
  const error: unknown = await load.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!SluiceError.is(error)) throw new Error(`it was not refused: ${String(error)}`);
  return error;
}

/** Tables that runs have left. */
export async function stagingTables(admin: AdminSession): Promise<readonly string[]> {
  const found = await admin.rows<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE tablename LIKE 'sluice\\_%' AND tablename <> 'sluice_runs'`,
  );
  return found.map(({ name }) => name);
}
