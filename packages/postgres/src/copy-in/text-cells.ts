import { type Data, DataType } from 'apache-arrow';

import type { ScalarType } from '../catalog/column-type.ts';
import type { CellWriter, CellWriters } from './cell-writer.ts';

type Offsets = Int32Array | BigInt64Array;

const JSONB_VERSION = 1;
const UUID_BYTES = 16;
const UUID = /^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i;

/** Texts into texts, enumerations, `uuid`, `json` and `jsonb`. */
export function textCells(type: DataType, target: ScalarType): CellWriters | undefined {
  if (!DataType.isUtf8(type) && !DataType.isLargeUtf8(type)) return undefined;
  if (target.kind === 'text') return plainTexts(target.maxLength);
  const put = TEXT_FORMS[target.kind]?.(target);
  return put === undefined ? undefined : (data) => bytesWriter(data, put);
}

/** Bytes into `bytea`; 16 of them into `uuid`. */
export function binaryCells(type: DataType, { kind }: ScalarType): CellWriters | undefined {
  if (DataType.isFixedSizeBinary(type)) {
    const { byteWidth } = type;
    if (kind !== 'bytea' && !(kind === 'uuid' && byteWidth === UUID_BYTES)) return undefined;
    return (data) => {
      const values = data.values as Uint8Array;
      return (row, out) => {
        out.appendCell(values, row * byteWidth, (row + 1) * byteWidth);
        return undefined;
      };
    };
  }
  if (kind !== 'bytea' || !(DataType.isBinary(type) || DataType.isLargeBinary(type))) return undefined;
  return (data) => bytesWriter(data, plainBytes);
}

/** Writes the bytes from `from` to `to` with their length. */
type BytesForm = (bytes: Uint8Array, from: number, to: number, out: Parameters<CellWriter>[1]) => string | undefined;

const plainBytes: BytesForm = (bytes, from, to, out) => {
  out.appendCell(bytes, from, to);
  return undefined;
};

const TEXT_FORMS: Readonly<Partial<Record<ScalarType['kind'], (target: ScalarType) => BytesForm>>> = {
  enum: ({ labels = [] }) => labelText(new Set(labels)),
  uuid: () => uuidText,
  json: () => jsonText(false),
  jsonb: () => jsonText(true),
};

const NUL_HELD = 'holds a NUL character, which PostgreSQL cannot';

function bytesWriter(data: Data, put: BytesForm): CellWriter {
  const values = data.values as Uint8Array;
  const offsets = data.valueOffsets as Offsets;
  return (row, out) => put(values, Number(offsets[row]), Number(offsets[row + 1]), out);
}

function plainTexts(maxLength = Infinity): CellWriters {
  return (data) => {
    const values = data.values as Uint8Array;
    const offsets = data.valueOffsets as Offsets;
    // One look at all of them is cheaper than one at each.
    const hasNuls = values.subarray(Number(offsets[0]), Number(offsets[data.length])).includes(0);
    return (row, out) => {
      const from = Number(offsets[row]);
      const to = Number(offsets[row + 1]);
      if (to - from > maxLength && lengthOf(values, from, to) > maxLength) {
        return `is longer than the ${maxLength} characters of the column`;
      }
      if (hasNuls && values.subarray(from, to).includes(0)) return NUL_HELD;
      out.appendCell(values, from, to);
      return undefined;
    };
  };
}

/** Characters as the server counts them: code points. */
function lengthOf(bytes: Uint8Array, from: number, to: number): number {
  let length = 0;
  for (let i = from; i < to; i++) if ((bytes[i]! & 0xc0) !== 0x80) length++;
  return length;
}

function labelText(labels: ReadonlySet<string>): BytesForm {
  return (bytes, from, to, out) =>
    labels.has(textOf(bytes, from, to)) ? plainBytes(bytes, from, to, out) : 'is none of the labels of the column';
}

const uuidText: BytesForm = (bytes, from, to, out) => {
  const text = textOf(bytes, from, to);
  if (!UUID.test(text)) return 'is not a UUID';
  out.int32(UUID_BYTES);
  out.append(Buffer.from(text.replaceAll(/[{}-]/g, ''), 'hex'), 0, UUID_BYTES);
  return undefined;
};

/** `jsonb` keeps texts as they are meant, which some escapes have no form for. */
const UNSTORABLE_ESCAPE = /(?<!\\)(?:\\\\)*\\u0000/;

function jsonText(isBinary: boolean): BytesForm {
  return (bytes, from, to, out) => {
    const text = textOf(bytes, from, to);
    if (!isJson(text)) return 'is not JSON';
    if (isBinary && (UNSTORABLE_ESCAPE.test(text) || hasLoneSurrogate(text))) {
      return 'holds an escape that jsonb cannot';
    }
    out.int32(to - from + (isBinary ? 1 : 0));
    if (isBinary) {
      out.reserve(1);
      out.bytes[out.at++] = JSONB_VERSION;
    }
    out.append(bytes, from, to);
    return undefined;
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Such as `\ud800` without its other half. */
function hasLoneSurrogate(text: string): boolean {
  return /\\u[dD][89a-fA-F]/.test(text) && !isWellFormed(JSON.parse(text));
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (Array.isArray(value)) return value.every(isWellFormed);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, member]) => key.isWellFormed() && isWellFormed(member));
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString();
}
