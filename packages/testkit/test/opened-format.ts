import { type Format, type OpenFile, type Row, SluiceError } from '@sluice/core';
import { Schema } from 'apache-arrow';

import { batchOf, rowsOf } from '../src/index.ts';

/** Rows of a split. */
const SPLIT_ROWS = 40;

/** The format with files that are opened, where it had files that are decoded. Reads them whole, which is its business. */
export function openedFormat(format: Format, change: (file: OpenFile) => Partial<OpenFile> = () => ({})): Format {
  const { decode, schema: schemaOf, ...others } = format;
  return {
    ...others,
    async open(file, { columns, signal }) {
      const bytes = await file.read({ start: 0, end: file.byteLength });
      async function* input(): AsyncGenerator<Uint8Array, void, undefined> {
        yield bytes;
      }
      const batch = { rows: 65_536, bytes: 2 ** 30 };
      const deliveries = await Array.fromAsync(decode!(input(), { batch, signal }));
      const rows = deliveries.flatMap((delivery) => rowsOf(delivery.batch));
      const { fields } = deliveries[0]?.batch.schema ?? new Schema([]);
      const chosen = columns?.map((name) => {
        const field = fields.find((one) => one.name === name);
        if (field === undefined) throw new SluiceError('FIELD_UNKNOWN', `there is no column ${name}`);
        return field;
      });
      const opened = openedRows(new Schema(chosen ?? fields), rows);
      return { ...opened, ...change(opened) };
    },
  };
}

function openedRows(schema: Schema, rows: readonly Row[]): OpenFile {
  const starts = Array.from({ length: Math.ceil(rows.length / SPLIT_ROWS) }, (_, i) => i * SPLIT_ROWS);
  return {
    schema,
    rows: rows.length,
    splits: starts.map((from) => ({ from, rows: Math.min(SPLIT_ROWS, rows.length - from), bytes: SPLIT_ROWS })),
    async *read(split, { batch: bounds, signal }) {
      const from = Number(split['from']);
      const step = Math.max(1, Math.min(bounds.rows, Math.floor(bounds.bytes / 4096)));
      const to = from + split.rows;
      for (let at = from; at < to; at += step) {
        signal.throwIfAborted();
        yield batchOf(schema, rows.slice(at, Math.min(to, at + step)));
      }
      signal.throwIfAborted();
    },
  };
}
