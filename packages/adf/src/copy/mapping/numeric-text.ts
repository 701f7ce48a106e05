import { decimalType } from '@sluice/core/decimal';
import { DataType, type Decimal, type Field } from 'apache-arrow';

/** What a number is in Data Factory of which the database bounds neither size nor scale. */
const INTERIM_DECIMAL = decimalType(38, 18);

/** Room for more digits than anybody has used, on the way from one such column to another. */
const WIDE_DECIMAL: Decimal = decimalType(76, 38, 256);

/** Whether the texts of a column are numbers of any size and scale: no type of Arrow is exact for all of them. */
export function isNumericText({ type, metadata }: Field): boolean {
  return DataType.isUtf8(type) && metadata.get('postgres:type') === 'numeric';
}

/** What such numbers become on the way to a column, or to wherever there is none yet. */
export function decimalFor(target: { readonly isAnyNumber: boolean } | undefined): Decimal {
  return target?.isAnyNumber === true ? WIDE_DECIMAL : INTERIM_DECIMAL;
}
