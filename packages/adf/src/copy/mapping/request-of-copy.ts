import { type Json, SluiceError } from '@sluice/core';

import { columnMappingPairs } from '../../check/column-mappings.ts';
import type { TabularTranslator } from '../../definition/copy/translator.ts';
import type { Resolved } from '../../definition/value/resolved-value.ts';
import { DEFAULT_CONVERSION, type ConversionSettings } from './conversion-settings.ts';
import { documentName } from './document-columns.ts';
import { type AdditionalColumn, type ColumnMapping, type MappingRequest, PATH_COLUMN } from './mapping-request.ts';

/** What of a copy activity makes its mapping. */
export interface CopyMappingProperties {
  readonly source: { readonly type: string; readonly additionalColumns?: unknown };
  readonly sink: { readonly type: string };
  readonly translator?: Resolved<TabularTranslator> | undefined;
}

/** Whose rows come from files that have a path. */
const FILE_SOURCES: ReadonlySet<string> = new Set(['DelimitedTextSource', 'ParquetSource', 'JsonSource']);

/** Names that Data Factory refuses in Parquet files. */
const PARQUET_NAMES = { pattern: /[ ,;{}()\n\t=]/, factoryCode: 'ParquetInvalidColumnName' } as const;

/** @throws `CONFIG_INVALID` for a mapping that makes no sense between tables. */
export function mappingRequest(
  { source, sink, translator }: CopyMappingProperties,
  targets?: MappingRequest['targets'],
): MappingRequest {
  const mappings = mappingsOf(translator)?.map((mapping) => (sink.type === 'JsonSink' ? untyped(mapping) : mapping));
  const additional = additionalColumns(source.additionalColumns, FILE_SOURCES.has(source.type));
  const settings = settingsOf(translator);
  return {
    // All of it came from JSON.
    config: JSON.parse(JSON.stringify({ mappings: mappings ?? null, additional, settings })) as Json,
    mappings,
    additional,
    settings,
    asText: sink.type === 'DelimitedTextSink',
    ...(targets === undefined ? {} : { targets }),
    ...(sink.type === 'ParquetSink' ? { forbiddenNames: PARQUET_NAMES } : {}),
  };
}

function mappingsOf(translator: Resolved<TabularTranslator> | undefined): readonly ColumnMapping[] | undefined {
  if (translator === undefined) return undefined;
  const { mappings, columnMappings, schemaMapping } = translator;
  if (mappings !== undefined && mappings.length > 0) return mappings.map(columnMapping);
  const legacy = columnMappings ?? schemaMapping;
  if (legacy === undefined || legacy === null) return undefined;
  const pairs = columnMappingPairs(legacy);
  if (pairs === undefined) {
    throw new SluiceError('CONFIG_INVALID', 'translator.columnMappings must be an object of names', {
      hint: 'Write { "source column": "sink column" }, or use mappings.',
    });
  }
  return pairs.map(([from, to]) => ({ source: { name: from }, sink: { name: to } }));
}

type ResolvedMapping = NonNullable<Resolved<TabularTranslator>['mappings']>[number];

function columnMapping({ source, sink }: ResolvedMapping): ColumnMapping {
  for (const end of [source, sink]) {
    if (end.culture !== undefined && !/^(en-us|)$/i.test(end.culture)) {
      throw new SluiceError(
        'CONFIG_INVALID',
        `translator.mappings: the culture ${JSON.stringify(end.culture)} is not known here`,
        {
          hint: 'Use en-us, or give a format.',
        },
      );
    }
  }
  const { type, format } = source;
  const name = documentName(source);
  const ordinal = source.ordinal === undefined ? undefined : Number(source.ordinal);
  return {
    source: { name, ordinal, type, format },
    sink: { name: documentName(sink), type: sink.type, format: sink.format },
  };
}

/** Nothing is converted on the way into documents: values have their own types there. */
function untyped({ source, sink }: ColumnMapping): ColumnMapping {
  return { source: { name: source.name, ordinal: source.ordinal }, sink: { name: sink.name } };
}

/** The settings count only where conversion is asked for. */
function settingsOf(translator: Resolved<TabularTranslator> | undefined): ConversionSettings {
  const given = translator?.typeConversion === true ? translator.typeConversionSettings : undefined;
  if (given === undefined) return DEFAULT_CONVERSION;
  return {
    allowDataTruncation: given.allowDataTruncation,
    treatBooleanAsNumber: given.treatBooleanAsNumber,
    dateTimeFormat: given.dateTimeFormat,
    dateTimeOffsetFormat: given.dateTimeOffsetFormat,
    dateFormat: given.dateFormat,
    timeSpanFormat: given.timeSpanFormat,
  };
}

const COPY_OF = /^\$\$COLUMN:(.+)$/i;

/** Columns a source adds. @throws `CONFIG_INVALID` */
export function additionalColumns(columns: unknown, isFileSource: boolean): readonly AdditionalColumn[] {
  if (!Array.isArray(columns)) return [];
  return columns.map((column: { readonly name: string; readonly value: unknown }): AdditionalColumn => {
    const { name, value } = column;
    const text = textOf(value, name);
    const [, copyOf] = text === null ? [] : (COPY_OF.exec(text) ?? []);
    if (copyOf !== undefined) return { name, copyOf };
    if (text !== null && /^\$\$FILEPATH$/i.test(text)) {
      if (isFileSource) return { name, copyOf: PATH_COLUMN };
      throw new SluiceError(
        'CONFIG_INVALID',
        `additional column ${JSON.stringify(name)}: $$FILEPATH is for sources that read files`,
      );
    }
    return { name, text };
  });
}

function textOf(value: unknown, name: string): string | null {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
      return String(value);
    case 'boolean':
      return value ? 'True' : 'False';
    default:
      throw new SluiceError(
        'CONFIG_INVALID',
        `additional column ${JSON.stringify(name)} must be a text, a number or a boolean`,
      );
  }
}
