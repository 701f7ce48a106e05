import { type AbandonOptions, fromBatches } from '@sluice/core';
import { postgres, type PostgresSinkOptions } from '@sluice/postgres';
import { Field, Int32, makeData, RecordBatch, Schema, Struct, Utf8, vectorFromArray } from 'apache-arrow';

/** Each way rows become visible; `made` is a table that the run makes, the others one that is there. */
export const LOAD_KINDS = ['made', 'create', 'append', 'rejecting', 'overwrite', 'upsert'] as const;
export type LoadKind = (typeof LOAD_KINDS)[number];

/** What a process is to load; the same order again resumes. */
export interface LoadOrder {
  readonly kind: LoadKind;
  readonly port: number;
  readonly journalPath: string;
}

export interface Item {
  readonly id: number;
  readonly text: string;
}

export const LOAD_ROWS = 1800;
const BATCH_ROWS = 200;
/** Some parts of the one split, so that there is much to be interrupted. */
const PART_ROWS = 350;
/** Rows that a table of the kind `rejecting` refuses. */
export const REFUSED_EVERY = 600;
/** Of the rows that are in the table before, half have a key that comes again. */
export const ROWS_BEFORE = 400;

const SINKS: Readonly<Record<LoadKind, Partial<PostgresSinkOptions> & Pick<AbandonOptions, 'mode' | 'keys'>>> = {
  made: { mode: 'create', keys: ['id'] },
  create: { mode: 'create' },
  append: { mode: 'append' },
  rejecting: { mode: 'append' },
  overwrite: { mode: 'overwrite' },
  upsert: { mode: 'upsert', keys: ['id'] },
};

const schema = new Schema([new Field('id', new Int32(), true), new Field('text', new Utf8(), true)]);

export function newItem(id: number): Item {
  return { id, text: `new ${id}` };
}

function batchOf(from: number): RecordBatch {
  const items = Array.from({ length: BATCH_ROWS }, (_, i) => newItem(from + i));
  const children = [
    vectorFromArray(
      items.map(({ id }) => id),
      new Int32(),
    ).data[0]!,
    vectorFromArray(
      items.map(({ text }) => text),
      new Utf8(),
    ).data[0]!,
  ];
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: BATCH_ROWS, nullCount: 0, children }),
  );
}

/** For `copy` and `abandon`. */
export function loadOptions({ kind, port, journalPath }: LoadOrder): AbandonOptions {
  const { mode, keys, ...sink } = SINKS[kind];
  const db = postgres({ host: '127.0.0.1', port, database: 'postgres', user: 'sluice', connectTimeoutMs: 5000 });
  const batches = Array.from({ length: LOAD_ROWS / BATCH_ROWS }, (_, n) => batchOf(n * BATCH_ROWS));
  return {
    from: fromBatches(schema, batches),
    to: db.load({ table: 'items', partRows: PART_ROWS, ...sink }),
    ...(mode === undefined ? {} : { mode }),
    ...(keys === undefined ? {} : { keys }),
    maxRejects: Infinity,
    id: 'load',
    journal: journalPath,
    retry: { baseMs: 10, maxMs: 100, attempts: 8 },
  };
}
