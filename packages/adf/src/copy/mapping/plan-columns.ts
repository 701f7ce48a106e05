import { SluiceError } from '@sluice/core';
import type { PlannedColumn } from '@sluice/core/mapping';
import { Field, type Schema, Utf8 } from 'apache-arrow';

import { didYouMean } from '../../expression/nearest-name.ts';
import { planConversion } from './conversion.ts';
import type { InterimKind } from './interim-type.ts';
import { type ColumnMapping, type MappingRequest, PATH_COLUMN } from './mapping-request.ts';
import { isDay, MIDNIGHT, midnightColumn } from './midnight-column.ts';
import { isNumericText } from './numeric-text.ts';
import { constantColumn, convertedColumn, keptColumn, renamedColumn } from './planned-column.ts';
import { fittedColumn } from './target-column.ts';

/**
 * The columns of the mapped batches. Without an explicit mapping: those of the source and then the added ones, under
 * their names; with one, what it names and nothing else.
 *
 * @throws `CONFIG_INVALID`, `FIELD_UNKNOWN`, `TYPE_UNSUPPORTED` naming the column.
 */
export function planColumns(schema: Schema, request: MappingRequest): readonly PlannedColumn[] {
  const ofSource = schema.fields.map(sourceColumn);
  const columns = ofSource.filter(({ field }) => field.name !== PATH_COLUMN);
  for (const added of request.additional) {
    columns.push(
      'copyOf' in added
        ? renamedColumn(columnNamed([...columns, ...ofSource], added.copyOf), added.name)
        : constantColumn(added.name, new Utf8(), added.text),
    );
  }
  const mapped = request.mappings?.map((mapping) => mappedColumn(mapping, columns, request)) ?? columns;
  const { forbiddenNames, asText, settings, targets } = request;
  for (const { field } of mapped) {
    if (forbiddenNames?.pattern.test(field.name) !== true) continue;
    throw new SluiceError('CONFIG_INVALID', `${JSON.stringify(field.name)} is no name for a column of the file`, {
      hint: 'Give it another name in the mapping.',
      details: { factoryCode: forbiddenNames.factoryCode },
    });
  }
  if (asText) return mapped.map((column) => textColumn(column, settings));
  return mapped.map((column) => fittedColumn(column, targets?.get(column.field.name), settings));
}

function textColumn(column: PlannedColumn, settings: MappingRequest['settings']): PlannedColumn {
  const { name, type } = column.field;
  const conversion = planConversion({ column: name, from: type, to: 'String', format: undefined, settings });
  return conversion === undefined ? column : convertedColumn(column, name, conversion);
}

/** Data Factory has no dates: they become instants. */
function sourceColumn(field: Field, index: number): PlannedColumn {
  if (!isDay(field.type)) return keptColumn(field, index);
  return keptColumn(new Field(field.name, MIDNIGHT, field.nullable, field.metadata), index, midnightColumn);
}

function mappedColumn(
  { source, sink }: ColumnMapping,
  columns: readonly PlannedColumn[],
  { settings }: MappingRequest,
): PlannedColumn {
  const origin = originOf(source, columns);
  const name = sink.name ?? origin.field.name;
  let column = renamedColumn(origin, name);
  let kind: InterimKind | undefined;
  for (const end of [source, sink]) {
    if (end.type === undefined) continue;
    if (isNumericText(column.field) && end.type !== 'String') column = fittedColumn(column, undefined, settings);
    const conversion = planConversion({
      column: name,
      from: column.field.type,
      to: end.type,
      // The format of a source that has a type has been read by.
      format: end.format ?? (source.type === undefined ? source.format : undefined),
      settings,
      ...(kind === undefined ? {} : { fromKind: kind }),
    });
    if (conversion !== undefined) column = convertedColumn(column, name, conversion);
    kind = end.type === 'Guid' ? 'Guid' : undefined;
  }
  return column;
}

function originOf({ name, ordinal }: ColumnMapping['source'], columns: readonly PlannedColumn[]): PlannedColumn {
  if (name !== undefined) return columnNamed(columns, name);
  const column = ordinal === undefined ? undefined : columns[ordinal - 1];
  if (column !== undefined) return column;
  throw new SluiceError(
    'FIELD_UNKNOWN',
    ordinal === undefined
      ? 'a mapping names no column of the source'
      : `the source has ${columns.length} columns, and the mapping names number ${ordinal}`,
    { hint: 'Give the name of a column, or its place from 1.' },
  );
}

function columnNamed(columns: readonly PlannedColumn[], name: string): PlannedColumn {
  const column = columns.find(({ field }) => field.name === name);
  if (column !== undefined) return column;
  const names = columns.map(({ field }) => field.name);
  throw new SluiceError('FIELD_UNKNOWN', `the source has no column ${JSON.stringify(name)}`, {
    hint: didYouMean(name, names) ?? 'Names are the same only with the same upper and lower case.',
  });
}
