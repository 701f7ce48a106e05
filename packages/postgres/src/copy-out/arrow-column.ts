import { Binary, type DataType, Decimal, Field, List, Utf8 } from 'apache-arrow';

import type { ColumnType, ScalarType } from '../catalog/column-type.ts';
import { binaryForm, BytesCells, type BytesForm, jsonbForm, textForm, uuidForm } from './bytes-cells.ts';
import type { ColumnCells } from './column-cells.ts';
import { fixedCells, fixedType } from './fixed-cells.ts';
import { ListCells } from './list-cells.ts';
import { DecimalCells, numericTextForm } from './numeric-cells.ts';

/** Bounds for `numeric` columns that declare none. */
export interface NumericBounds {
  readonly precision: number;
  readonly scale: number;
}

const MAX_PRECISION = 76;
const DECIMAL128_PRECISION = 38;

/**
 * The Arrow type of a column. A `numeric` without declared bounds, or with bounds no decimal has, is text in plain
 * notation unless `numeric` gives bounds; whatever has no type of its own in Arrow is the server's text.
 */
export function arrowType(type: ColumnType, numeric: NumericBounds | undefined): DataType {
  if (type.kind === 'other') return new Utf8();
  if (type.kind === 'array') return new List(new Field('item', arrowType(type.element, numeric), true));
  return decimalType(type, numeric) ?? fixedType(type.kind) ?? (type.kind === 'bytea' ? new Binary() : new Utf8());
}

export function columnCells(type: ColumnType, numeric: NumericBounds | undefined): ColumnCells {
  if (type.kind === 'other') return new BytesCells(textForm);
  if (type.kind === 'array') {
    return new ListCells(arrowType(type.element, numeric), columnCells(type.element, numeric));
  }
  const decimal = decimalType(type, numeric);
  if (decimal !== undefined) return new DecimalCells(decimal);
  return fixedCells(type.kind) ?? new BytesCells(BYTES_FORMS[type.kind] ?? textForm);
}

const BYTES_FORMS: Readonly<Partial<Record<ScalarType['kind'], BytesForm>>> = {
  numeric: numericTextForm,
  bytea: binaryForm,
  uuid: uuidForm,
  jsonb: jsonbForm,
};

function decimalType({ kind, ...declared }: ScalarType, numeric: NumericBounds | undefined): Decimal | undefined {
  if (kind !== 'numeric') return undefined;
  const bounds = hasBounds(declared) ? declared : numeric;
  if (bounds === undefined) return undefined;
  // A scale below zero counts whole tens; one above the precision needs zeros behind the point.
  const scale = Math.max(0, bounds.scale);
  const precision = Math.max(bounds.precision + Math.max(0, -bounds.scale), scale);
  if (precision > MAX_PRECISION) return undefined;
  return new Decimal(scale, precision, precision > DECIMAL128_PRECISION ? 256 : 128);
}

function hasBounds(type: Omit<ScalarType, 'kind'>): type is Omit<ScalarType, 'kind'> & NumericBounds {
  return type.precision !== undefined && type.scale !== undefined;
}
