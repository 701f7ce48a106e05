import { decodeSchema, encodeSchema, type Format, type Json, type Row, type RowValue, SluiceError } from '@sluice/core';
import { DataType, Field, Utf8 } from 'apache-arrow';

import { valueText } from '../src/data/value-text.ts';
import { batchOf, EVERY_TYPE, fieldsOf, type FormatHarness, rowsOf, UNION_TYPES } from '../src/index.ts';

/** Rows of a line; whatever rows are left are the last line of their segment. */
const LINE_ROWS = 16;
const encoder = new TextEncoder();

/** Rows as lines of JSON between a line with the schema and one with their count. */
function plainFormat(): Format {
  return {
    contractVersion: 1,
    name: 'plain',
    extension: '.plain',
    config: null,
    bufferBytes: 8192,
    encode(schema) {
      for (const { name, type } of schema.fields) {
        if (DataType.isUnion(type)) throw new SluiceError('TYPE_UNSUPPORTED', `column "${name}" is a union`);
      }
      return {
        prologue: () => encoder.encode(`${encodeSchema(schema)}\n`),
        segment() {
          let held: Row[] = [];
          let count = 0;
          const line = (): Uint8Array => {
            count += held.length;
            const bytes = encoder.encode(`${JSON.stringify(held.map(tagged))}\n`);
            held = [];
            return bytes;
          };
          return {
            write(batch) {
              const lines: Uint8Array[] = [];
              for (const row of rowsOf(batch)) {
                held.push(row);
                if (held.length === LINE_ROWS) lines.push(line());
              }
              return lines;
            },
            end: () => ({ bytes: held.length === 0 ? [] : [line()], summary: count }),
          };
        },
        epilogue: (segments) =>
          encoder.encode(`end ${segments.reduce((sum, { summary }) => sum + Number(summary), 0)} of file`),
      };
    },
    decode: decodePlain,
  };
}

const decodePlain: NonNullable<Format['decode']> = async function* (input, { batch: bounds, signal, from }) {
  let rest = Buffer.alloc(0);
  let schema: ReturnType<typeof decodeSchema> | undefined;
  let count = 0;
  for await (const chunk of input) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const line = rest.toString('utf8', 0, end);
      rest = rest.subarray(end + 1);
      if (schema === undefined) {
        schema = decodeSchema(line);
        continue;
      }
      // Written by the encoder.
      const rows = (JSON.parse(line) as Json[]).map((row) => untagged(row) as Row);
      const step = Math.max(1, Math.min(bounds.rows, Math.floor(bounds.bytes / 4096)));
      for (let at = Math.max(0, (from?.row ?? 0) - count); at < rows.length; at += step) {
        signal.throwIfAborted();
        const some = rows.slice(at, at + step);
        yield { batch: batchOf(schema, some), position: { row: count + at + some.length } };
      }
      count += rows.length;
    }
  }
  signal.throwIfAborted();
  if (rest.toString('utf8') !== `end ${count} of file`) throw new SluiceError('FILE_CORRUPT', 'the file is cut short');
};

function tagged(value: RowValue): Json {
  if (typeof value === 'bigint') return { $n: String(value) };
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : { $f: Object.is(value, -0) ? '-0' : String(value) };
  if (value instanceof Uint8Array) return { $b: Buffer.from(value).toString('hex') };
  if (Array.isArray(value)) return value.map(tagged);
  if (typeof value !== 'object' || value === null) return value;
  return { $o: Object.fromEntries(Object.entries(value).map(([name, member]) => [name, tagged(member)])) };
}

function untagged(value: Json | undefined): RowValue {
  if (Array.isArray(value)) return value.map(untagged);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const [tag, content] = Object.entries(value)[0]!;
  if (tag === '$n') return BigInt(valueText(content));
  if (tag === '$f') return Number(content);
  if (tag === '$b') return new Uint8Array(Buffer.from(valueText(content), 'hex'));
  return Object.fromEntries(
    Object.entries(content as object).map(([name, member]) => [name, untagged(member as Json)]),
  );
}

/** The plain format, correct unless it is changed. */
export function formatHarness(change: (format: Format) => Format = (format) => format): FormatHarness {
  const fields = [new Field('row_id', new Utf8(), true), ...EVERY_TYPE].filter(({ name }) => !(name in UNION_TYPES));
  return {
    kind: 'format',
    name: 'plain format',
    columns: fields.map((field) => ({ field })),
    identity: 'row_id',
    refusedFields: fieldsOf(UNION_TYPES),
    format: () => change(plainFormat()),
  };
}
