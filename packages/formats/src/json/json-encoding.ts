import { type FileEncoding, type Json, sameSchema, type SegmentEncoder, SluiceError } from '@sluice/core';
import type { Schema } from 'apache-arrow';

import { GrowingBytes } from '../bits/growing-bytes.ts';
import { jsonMembers } from './json-value-writer.ts';
import { memberTree } from './member-tree.ts';

/** Of a chunk of encoded rows. */
export const CHUNK_BYTES = 262_144;

const encoder = new TextEncoder();
const NOTHING = new Uint8Array(0);

/** Rows as objects, each on a line, members where their paths say; `array`: in brackets, with commas between. */
export function jsonEncoding(
  schema: Schema,
  layout: 'lines' | 'array',
  paths: Readonly<Record<string, string>>,
): FileEncoding {
  const openRows = jsonMembers(memberTree(schema.fields, paths));
  const isArray = layout === 'array';
  return {
    prologue: () => (isArray ? encoder.encode('[') : NOTHING.slice()),
    segment: (before) => segmentEncoder(schema, openRows, isArray ? { hasRows: hasRows(before) } : undefined),
    epilogue: () => (isArray ? encoder.encode('\n]\n') : NOTHING.slice()),
  };
}

/** Whether a row stands ahead of the segment, so that a comma has to go in between. */
function hasRows(summary: Json | undefined): boolean {
  return typeof summary === 'object' && summary !== null && Reflect.get(summary, 'hasRows') === true;
}

function segmentEncoder(
  schema: Schema,
  openRows: ReturnType<typeof jsonMembers>,
  array: { hasRows: boolean } | undefined,
): SegmentEncoder {
  let known = schema;
  return {
    write(batch) {
      if (batch.schema !== known) {
        const difference = sameSchema(schema, batch.schema);
        if (difference !== undefined) {
          throw new SluiceError('CONTRACT_BROKEN', `a batch does not have the planned schema: ${difference}`);
        }
        known = batch.schema;
      }
      const chunks: Uint8Array[] = [];
      const out = new GrowingBytes(CHUNK_BYTES);
      const write = openRows(batch.data.children);
      for (let row = 0; row < batch.numRows; row++) {
        if (array !== undefined) {
          if (array.hasRows) out.appendByte(0x2c);
          out.appendByte(0x0a);
          array.hasRows = true;
        }
        write(out, row);
        if (array === undefined) out.appendByte(0x0a);
        if (out.length < CHUNK_BYTES) continue;
        chunks.push(out.view().slice());
        out.clear();
      }
      if (out.length > 0) chunks.push(out.view().slice());
      return chunks;
    },
    end: () => ({ bytes: [], summary: array === undefined ? null : { version: 1, hasRows: array.hasRows } }),
  };
}
