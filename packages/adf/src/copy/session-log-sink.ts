import { rowReader, type RowValue, type Sink } from '@sluice/core';
import type { RecordBatch, Schema } from 'apache-arrow';

import type { SessionLog } from './session-log.ts';

type LogMessage = { readonly version: 1; readonly rows: number };

/** Columns that rejected rows have beside their own begin so. */
const OWN_COLUMN = /^_(split|row|stage|code|message|columns)$/;
const BUFFER_BYTES = 262_144;

/**
 * Takes the rows that a copy skipped. They are in the log as soon as they are written, so that a row that is sent again
 * after an interruption is there again. Without a log, nothing is written: for runs that are only ended.
 */
export function sessionLogSink(log: SessionLog | undefined): Sink<null, LogMessage> {
  return {
    contractVersion: 1,
    name: 'session log',
    config: null,
    traits: { guarantee: 'at-least-once', commit: 'part', writers: 1, bufferBytes: BUFFER_BYTES },
    async check() {},
    open: async () => null,
    async writer(_target, schema) {
      const take = rowTaker(schema, log);
      let rows = 0;
      return {
        async write(batch) {
          take(batch);
          rows += batch.numRows;
          return {};
        },
        async prepare() {
          log?.flush();
          return { version: 1, rows };
        },
        async [Symbol.asyncDispose]() {},
      };
    },
    async *commit(_target, _schema, parts) {
      for (const { part, message } of parts) yield { part, writtenRows: message.rows, rejects: none() };
    },
    abort: async () => ({ leftBehind: [] }),
    async [Symbol.asyncDispose]() {},
  };
}

function rowTaker(schema: Schema, log: SessionLog | undefined): (batch: RecordBatch) => void {
  const readRows = rowReader(schema);
  const ofSource = schema.fields.map(({ name }) => name).filter((name) => !OWN_COLUMN.test(name));
  return (batch) => {
    for (const row of readRows(batch)) {
      const isRead = row['_stage'] !== 'read';
      const values: readonly RowValue[] = isRead ? ofSource.map((name) => row[name] ?? null) : [];
      const { _message: message } = row;
      log?.skipped(values, typeof message === 'string' ? message : '');
    }
  };
}

async function* none(): AsyncGenerator<never> {}
