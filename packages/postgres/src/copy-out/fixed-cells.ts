import {
  Bool,
  DateDay,
  type DataType,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  makeData,
  TimeMicrosecond,
  TimestampMicrosecond,
  Uint32,
} from 'apache-arrow';

import type { ScalarKind } from '../catalog/column-type.ts';
import { type Cell, type ColumnCells, nextRows } from './column-cells.ts';
import { ValidityBits } from './validity-bits.ts';

type Values = Uint8Array | Int16Array | Int32Array | Uint32Array | BigInt64Array | Float32Array | Float64Array;

interface FixedForm {
  readonly type: DataType;
  readonly make: (length: number) => Values;
  readonly put: (values: Values, row: number, cell: Cell) => string | undefined;
}

/** From 1970 to 2000, where the server's clock begins. */
const EPOCH_DAYS = 10_957;
const EPOCH_MICROS = 946_684_800_000_000n;
const MAX_INT64 = 0x7fff_ffff_ffff_ffffn;
const MIN_INT64 = -0x8000_0000_0000_0000n;
/** In January 294247, years before the server's last. */
const LAST_MICROS = MAX_INT64 - EPOCH_MICROS;
const INFINITE = 'is infinite';

const int32s = (length: number): Values => new Int32Array(length);
const int64s = (length: number): Values => new BigInt64Array(length);

function numbers(type: DataType, make: (length: number) => Values, read: (cell: Cell) => number): FixedForm {
  return {
    type,
    make,
    put: (values, row, cell) => {
      // Made by `make`, whose elements are numbers here.
      (values as Int32Array)[row] = read(cell);
      return undefined;
    },
  };
}

function timestamps(type: DataType): FixedForm {
  return {
    type,
    make: int64s,
    put: (values, row, { view, at }) => {
      const micros = view.getBigInt64(at);
      if (micros > LAST_MICROS) return micros === MAX_INT64 ? INFINITE : 'is later than Arrow can hold in microseconds';
      if (micros === MIN_INT64) return INFINITE;
      (values as BigInt64Array)[row] = micros + EPOCH_MICROS;
      return undefined;
    },
  };
}

function bigints(type: DataType): FixedForm {
  return {
    type,
    make: int64s,
    put: (values, row, { view, at }) => {
      (values as BigInt64Array)[row] = view.getBigInt64(at);
      return undefined;
    },
  };
}

const FORMS: Readonly<Partial<Record<ScalarKind, FixedForm>>> = {
  int2: numbers(
    new Int16(),
    (length) => new Int16Array(length),
    ({ view, at }) => view.getInt16(at),
  ),
  int4: numbers(new Int32(), int32s, ({ view, at }) => view.getInt32(at)),
  oid: numbers(
    new Uint32(),
    (length) => new Uint32Array(length),
    ({ view, at }) => view.getUint32(at),
  ),
  float4: numbers(
    new Float32(),
    (length) => new Float32Array(length),
    ({ view, at }) => view.getFloat32(at),
  ),
  float8: numbers(
    new Float64(),
    (length) => new Float64Array(length),
    ({ view, at }) => view.getFloat64(at),
  ),
  int8: bigints(new Int64()),
  time: bigints(new TimeMicrosecond()),
  timestamp: timestamps(new TimestampMicrosecond()),
  timestamptz: timestamps(new TimestampMicrosecond('UTC')),
  date: {
    type: new DateDay(),
    make: int32s,
    put: (values, row, { view, at }) => {
      const day = view.getInt32(at);
      if (day === 0x7fff_ffff || day === -0x8000_0000) return INFINITE;
      (values as Int32Array)[row] = day + EPOCH_DAYS;
      return undefined;
    },
  },
};

export function fixedType(kind: ScalarKind): DataType | undefined {
  return kind === 'bool' ? new Bool() : FORMS[kind]?.type;
}

export function fixedCells(kind: ScalarKind): ColumnCells | undefined {
  if (kind === 'bool') return new BoolCells();
  const form = FORMS[kind];
  return form === undefined ? undefined : new FixedCells(form);
}

class FixedCells implements ColumnCells {
  readonly #form: FixedForm;
  readonly #validity = new ValidityBits();
  #values: Values;

  constructor(form: FixedForm) {
    this.#form = form;
    this.#values = form.make(nextRows(0));
  }

  put(row: number, cell: Cell): string | undefined {
    if (row >= this.#values.length) this.#grow();
    this.#validity.set(row);
    return this.#form.put(this.#values, row, cell);
  }

  putNull(row: number): void {
    if (row >= this.#values.length) this.#grow();
    this.#validity.clear(row);
  }

  take(rows: number): ReturnType<ColumnCells['take']> {
    const data = this.#values.subarray(0, rows);
    this.#values = this.#form.make(nextRows(rows));
    // The form's values are those of its type.
    return makeData({ type: this.#form.type, length: rows, data, ...this.#validity.take(rows) } as never);
  }

  #grow(): void {
    const grown = this.#form.make(2 * this.#values.length);
    // Both were made by the same form.
    (grown as Int32Array).set(this.#values as Int32Array);
    this.#values = grown;
  }
}

/** Values lie in bits, like the validity. */
class BoolCells implements ColumnCells {
  readonly #validity = new ValidityBits();
  readonly #values = new ValidityBits();

  put(row: number, { bytes, at }: Cell): undefined {
    this.#validity.set(row);
    if (bytes[at] === 0) this.#values.clear(row);
    else this.#values.set(row);
  }

  putNull(row: number): void {
    this.#validity.clear(row);
    this.#values.clear(row);
  }

  take(rows: number): ReturnType<ColumnCells['take']> {
    const { nullBitmap: bits } = this.#values.take(rows);
    const data = bits ?? new Uint8Array((rows + 7) >> 3).fill(0xff);
    return makeData({ type: new Bool(), length: rows, data, ...this.#validity.take(rows) });
  }
}
