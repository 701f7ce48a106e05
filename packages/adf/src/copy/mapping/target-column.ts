import type { PlannedColumn } from '@sluice/core/mapping';
import { DataType, Precision } from 'apache-arrow';

import type { ConversionSettings } from './conversion-settings.ts';
import { planTypedConversion } from './conversion.ts';
import { kindOfType } from './interim-type.ts';
import type { TargetColumn } from './mapping-request.ts';
import { decimalFor, isNumericText } from './numeric-text.ts';
import { convertedColumn } from './planned-column.ts';

/**
 * A column whose values fit the column of the sink, if there is one: as it is where the sink takes it so, converted as Data
 * Factory converts otherwise, and left to the sink to refuse where there is no conversion.
 *
 * @throws `CONFIG_INVALID` for types one of which never becomes the other.
 */
export function fittedColumn(
  column: PlannedColumn,
  target: TargetColumn | undefined,
  settings: ConversionSettings,
): PlannedColumn {
  const { field } = column;
  if (isNumericText(field) && (target === undefined || kindOfType(target.type) !== 'String' || target.isAnyNumber)) {
    const decimal = converted(column, decimalFor(target), settings);
    return target === undefined || target.isAnyNumber ? decimal : fittedColumn(decimal, target, settings);
  }
  if (target === undefined || isTaken(field.type, target)) return column;
  return converted(column, target.isAnyNumber ? decimalFor(undefined) : target.type, settings);
}

function converted(column: PlannedColumn, to: DataType, settings: ConversionSettings): PlannedColumn {
  const { name, type: from } = column.field;
  const kind = kindOfType(to);
  if (kind === undefined || kindOfType(from) === undefined) return column;
  const conversion = planTypedConversion({ column: name, from, to, kind, target: kind, format: undefined, settings });
  return conversion === undefined ? column : convertedColumn(column, name, conversion);
}

/** Whether a database takes values of the type as they are, and says which of them do not fit. */
function isTaken(from: DataType, { type: to, isAnyNumber }: TargetColumn): boolean {
  if (DataType.isDictionary(from)) return isTaken(from.dictionary, { type: to, isAnyNumber });
  if (DataType.isInt(from)) return isAnyNumber || DataType.isInt(to) || DataType.isDecimal(to);
  if (DataType.isDecimal(from)) return isAnyNumber || (DataType.isDecimal(to) && from.scale <= to.scale);
  if (DataType.isFloat(from)) {
    return DataType.isFloat(to) && (to.precision === Precision.DOUBLE || from.precision !== Precision.DOUBLE);
  }
  if (DataType.isTimestamp(from)) return DataType.isTimestamp(to) && isZoned(from) === isZoned(to);
  if (DataType.isTime(from)) return DataType.isTime(to);
  // A text in place of a number of any size is none.
  return !isAnyNumber && kindOfType(from) === kindOfType(to) && from.typeId === to.typeId;
}

function isZoned({ timezone }: { readonly timezone?: string | null | undefined }): boolean {
  return timezone !== undefined && timezone !== null;
}
