import type { ReadOptions } from '../../src/load/factory-file.ts';
import {
  accountDataset,
  copyActivity,
  crm,
  csvDataset,
  disk,
  factoryOf,
  messagesOf,
  parquetDataset,
} from './factory-files.ts';

export type Json = Readonly<Record<string, unknown>>;

export const query = { type: 'SalesforceV2Source', query: 'SELECT Id FROM Account' };
export const toParquet = { type: 'ParquetSink' };
export const fromCsv = { type: 'DelimitedTextSource' };
export const toOrg = { type: 'SalesforceV2Sink' };

export interface Setup {
  readonly datasets?: Readonly<Record<string, Json>>;
  readonly linkedServices?: Readonly<Record<string, Json>>;
  readonly activity?: Json;
  readonly options?: ReadOptions;
}

export function readCopy(
  from: string,
  to: string,
  typeProperties: Json,
  { datasets, linkedServices, activity, options }: Setup = {},
): ReturnType<typeof factoryOf> {
  return factoryOf(
    {
      linkedServices: { crm, disk, ...linkedServices },
      datasets: { account: accountDataset, csv: csvDataset, parquet: parquetDataset, ...datasets },
      pipelines: { load: { activities: [copyActivity(from, to, typeProperties, activity)] } },
    },
    options,
  );
}

export const short = (text: string): string => text.replace(/^properties\.activities\[0\]\.(typeProperties\.)?/, '');

/** Errors of a copy from the org to a file. */
export function unloading(source: Json, setup?: Setup, rest: Json = {}): readonly string[] {
  return messagesOf(
    readCopy('account', 'parquet', { source: { ...query, ...source }, sink: toParquet, ...rest }, setup),
  ).map(short);
}

/** Errors of a copy from a file to the org. */
export function loading(sink: Json, setup?: Setup, rest: Json = {}): readonly string[] {
  return messagesOf(readCopy('csv', 'account', { source: fromCsv, sink: { ...toOrg, ...sink }, ...rest }, setup)).map(
    short,
  );
}

export function warningsOf(factory: ReturnType<typeof factoryOf>): readonly string[] {
  return messagesOf(factory, 'warning').map(short);
}

export const withDataset = (typeProperties: Json): Setup => ({
  datasets: { account: { ...accountDataset, typeProperties } },
});
