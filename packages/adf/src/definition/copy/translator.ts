import * as z from 'zod';

import { choice, dynamic, flag, json, text } from '../value/dynamic-value.ts';
import type { Frozen } from '../value/resolved-value.ts';

/** What values become on the way from source to sink, by the names Data Factory has for it. */
const INTERIM_TYPES = [
  'Boolean',
  'Byte',
  'Byte[]',
  'Date',
  'DateTime',
  'DateTimeOffset',
  'Decimal',
  'Double',
  'Guid',
  'Int16',
  'Int32',
  'Int64',
  'SByte',
  'Single',
  'String',
  'Time',
  'TimeSpan',
  'UInt16',
  'UInt32',
  'UInt64',
] as const;

const ordinal = z.union([z.int().min(1), z.string().regex(/^[1-9]\d*$/, { error: 'must be a whole number from 1' })]);

const mappedColumn = z.object({
  name: text('Name of the column.').optional(),
  ordinal: dynamic('Place of the column from 1, where it has no name.', ordinal).optional(),
  path: text('Path of the value in a JSON document.').optional(),
  type: choice('Interim type.', INTERIM_TYPES).optional(),
  physicalType: json('Type in the store. Not used.').optional(),
  format: text('.NET pattern of dates.').optional(),
  culture: text('Culture of numbers and dates. Default: en-us.').optional(),
});

const typeConversionSettings = z.object({
  allowDataTruncation: flag('Whether conversions may lose digits or an offset.').default(true),
  treatBooleanAsNumber: flag('Whether true becomes 1.').default(false),
  dateTimeFormat: text('.NET pattern of dates with time.').optional(),
  dateTimeOffsetFormat: text('.NET pattern of dates with time and offset.').optional(),
  dateFormat: text('.NET pattern of dates.').optional(),
  timeFormat: text('.NET pattern of times of the day.').optional(),
  timeSpanFormat: text('.NET pattern of spans of time.').optional(),
  culture: text('Culture of numbers and dates.').optional(),
});

/** Azure Data Factory, "Schema and data type mapping in copy activity", read 2026-11. */
export const tabularTranslator = z
  .object({
    type: z.literal('TabularTranslator'),
    mappings: dynamic(
      'Which column becomes which.',
      z.array(z.object({ source: mappedColumn, sink: mappedColumn })),
    ).optional(),
    columnMappings: json('The legacy form of mappings between columns.').optional(),
    schemaMapping: json('The legacy form of mappings from paths.').optional(),
    collectionReference: text('Path of the array that gives a row for each element.').optional(),
    mapComplexValuesToString: flag('Whether objects and arrays become JSON text.').default(false),
    typeConversion: flag('Whether the settings below apply.').default(false),
    typeConversionSettings: typeConversionSettings.optional(),
  })
  .meta({ id: 'TabularTranslator', description: 'Which columns go where, and as what.' });

export type TabularTranslator = Frozen<z.output<typeof tabularTranslator>>;
