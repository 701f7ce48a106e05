import type { Json } from '@sluice/core';
import type { DataType } from 'apache-arrow';

import type { ConversionSettings } from './conversion-settings.ts';

/** One column of an explicit mapping. */
export interface ColumnMapping {
  readonly source: MappedColumn;
  readonly sink: MappedColumn;
}

export interface MappedColumn {
  readonly name?: string | undefined;
  /** From 1. */
  readonly ordinal?: number | undefined;
  /** Interim type. */
  readonly type?: string | undefined;
  /** .NET pattern of dates. */
  readonly format?: string | undefined;
}

/** The column by which a source of files says which one a row is from. It is no column unless another is made of it. */
export const PATH_COLUMN = '$$FILEPATH';

/** A column a source adds. */
export type AdditionalColumn =
  | { readonly name: string; readonly copyOf: string }
  | { readonly name: string; readonly text: string | null };

/** A column that is there already. */
export interface TargetColumn {
  readonly type: DataType;
  /** Whether it holds numbers of any size and scale, which no type of Arrow does. */
  readonly isAnyNumber: boolean;
}

export interface MappingRequest {
  readonly config: Json;
  /** `undefined`: all columns, under their names. */
  readonly mappings: readonly ColumnMapping[] | undefined;
  readonly additional: readonly AdditionalColumn[];
  readonly settings: ConversionSettings;
  /** Whether every column becomes a text, as files of text have it. */
  readonly asText: boolean;
  /** Columns of the sink, which values are made to fit. */
  readonly targets?: ReadonlyMap<string, TargetColumn>;
  /** Names that cannot be written, and the name Data Factory has for that. */
  readonly forbiddenNames?: { readonly pattern: RegExp; readonly factoryCode: string };
}
