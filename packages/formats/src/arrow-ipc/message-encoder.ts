import { batchBytes, sameSchema, type SegmentEncoder, SluiceError } from '@sluice/core';
import type { Schema } from 'apache-arrow';

import { endOfFit, type RowSize } from './batch-cut.ts';
import { appendRows, plainColumn } from './column-layout.ts';
import { MessageBody } from './ipc-message.ts';
import { plainSchema } from './plain-type.ts';

/** Rows to record batch messages, cut anew so that they depend on the rows alone. */
export function messageEncoder(schema: Schema, bounds: RowSize): SegmentEncoder {
  const columns = plainSchema(schema).fields.map(({ type }) => plainColumn(type));
  let held: RowSize = { rows: 0, bytes: 0 };
  let rows = 0;
  let known = schema;

  function endMessage(): Uint8Array {
    const body = new MessageBody();
    for (const column of columns) column.end(body);
    const message = body.toMessage(held.rows);
    held = { rows: 0, bytes: 0 };
    return message;
  }

  return {
    write(batch) {
      if (batch.schema !== known) {
        const difference = sameSchema(schema, batch.schema);
        if (difference !== undefined) {
          throw new SluiceError('CONTRACT_BROKEN', `a batch does not have the planned schema: ${difference}`);
        }
        known = batch.schema;
      }
      const messages: Uint8Array[] = [];
      for (let from = 0; from < batch.numRows;) {
        const to = endOfFit(batch, from, held, bounds);
        columns.forEach((column, i) => appendRows(column, batch.data.children[i]!, from, to));
        held = { rows: held.rows + to - from, bytes: held.bytes + batchBytes(batch, from, to) };
        rows += to - from;
        from = to;
        if (from < batch.numRows || held.rows === bounds.rows || held.bytes > bounds.bytes) messages.push(endMessage());
      }
      return messages;
    },
    end() {
      const bytes = held.rows === 0 ? [] : [endMessage()];
      return { bytes, summary: { version: 1, rows } };
    },
  };
}
