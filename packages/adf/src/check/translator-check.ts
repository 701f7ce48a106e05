import type { CopyActivity } from '../definition/activity/activity.ts';
import type { TabularTranslator } from '../definition/copy/translator.ts';
import { readFormat } from '../expression/functions/date-functions.ts';
import type { JsonPath } from '../json/json-node.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { isList, isRecord, type JsonValue } from '../reading/canonical-json.ts';
import { columnMappingProblems } from './column-mappings.ts';
import type { CopyEnd } from './copy-end.ts';
import { isOrg } from './copy-types.ts';
import { literalText } from './expression-check.ts';

/** Names Parquet files must not have, in Data Factory. */
const PARQUET_FORBIDDEN = /[ ,;{}()\n\t=]/;
const DATE_FORMATS = ['dateTimeFormat', 'dateTimeOffsetFormat', 'dateFormat', 'timeFormat'] as const;

export function checkTranslator(
  { typeProperties }: CopyActivity,
  from: CopyEnd,
  to: CopyEnd,
  report: ProblemReport,
): void {
  const { translator, sink } = typeProperties;
  const path = ['translator'];
  const isHeaderless = from.dataset?.type === 'DelimitedText' && from.dataset.typeProperties.firstRowAsHeader === false;
  if (translator === undefined) {
    if (isHeaderless) reportHeaderless(to, report);
    return;
  }
  if (typeof translator === 'string' || translator.type === 'Expression') return;
  checkConversion(translator.typeConversionSettings, report.within([...path, 'typeConversionSettings']));
  if (translator.columnMappings !== undefined || translator.schemaMapping !== undefined) {
    for (const message of columnMappingProblems(translator, from.dataset?.structure, to.dataset?.structure)) {
      report.error([...path, translator.columnMappings === undefined ? 'schemaMapping' : 'columnMappings'], message);
    }
  }
  const { mappings } = translator;
  if (translator.collectionReference !== undefined && mappings === undefined && from.connector === 'json') {
    report.error([...path, 'collectionReference'], 'needs mappings', {
      hint: 'Map what is to be taken of each element, and of the document around it.',
    });
  }
  if (!isList(mappings)) {
    if (isHeaderless && translator.columnMappings === undefined && mappings === undefined) reportHeaderless(to, report);
    return;
  }
  const sinkNames = new Set<string>();
  mappings.forEach((mapping: JsonValue, index) => {
    if (!isRecord(mapping) || !isRecord(mapping['source']) || !isRecord(mapping['sink'])) return;
    const place = [...path, 'mappings', index];
    checkColumn(mapping['source'], [...place, 'source'], report);
    checkColumn(mapping['sink'], [...place, 'sink'], report);
    if (isHeaderless && mapping['source']['ordinal'] === undefined) {
      report.error([...place, 'source', 'ordinal'], 'is missing: the file has no header, so columns have no names', {
        hint: 'Give the place of the column, from 1.',
      });
    }
    const name = literalText(mapping['sink']['name']);
    if (name === undefined) return;
    if (sinkNames.has(name))
      report.error([...place, 'sink', 'name'], `another mapping leads to ${JSON.stringify(name)}, too`);
    sinkNames.add(name);
    if (to.connector === 'parquet' && PARQUET_FORBIDDEN.test(name)) {
      report.error([...place, 'sink', 'name'], 'is no name for a column of a Parquet file', {
        factoryCode: 'ParquetInvalidColumnName',
        hint: 'Use none of: blank , ; { } ( ) line end, tab, =.',
      });
    }
  });
  const key =
    'writeBehavior' in sink && sink.writeBehavior === 'Upsert'
      ? literalText(sink.externalIdFieldName ?? 'Id')
      : undefined;
  if (key !== undefined && isOrg(to.connector) && !sinkNames.has(key) && mappings.length > 0 && allWritten(mappings)) {
    report.error(
      [...path, 'mappings'],
      `nothing leads to ${JSON.stringify(key)}, which identifies the records to upsert`,
    );
  }
}

/** Without names there is nothing to match columns by. */
function reportHeaderless({ connector }: CopyEnd, report: ProblemReport): void {
  const message = 'the source file has no header, so its columns are called Prop_0, Prop_1 and so on';
  const hint = 'Map the columns by ordinal, or set firstRowAsHeader.';
  if (isOrg(connector)) report.error(['translator'], message, { hint });
  else report.warn(['translator'], message, { hint });
}

function checkColumn(
  column: { readonly [name: string]: JsonValue | undefined },
  path: JsonPath,
  report: ProblemReport,
): void {
  const { name, ordinal, path: jsonPath, format } = column;
  if (name === undefined && ordinal === undefined && jsonPath === undefined) {
    report.error(path, 'names no column', { hint: 'Give a name, an ordinal or a path.' });
  }
  if ((literalText(jsonPath)?.split('[*]').length ?? 0) > 1) {
    report.error([...path, 'path'], 'goes through an array', { hint: 'Name the one array in collectionReference.' });
  }
  checkFormat(format, [...path, 'format'], report);
  const culture = literalText(column['culture']);
  if (culture !== undefined && !/^(en-us|)$/i.test(culture)) {
    report.error([...path, 'culture'], `the culture ${JSON.stringify(culture)} is not known here`, {
      hint: 'Use en-us, or give a format.',
    });
  }
}

function checkConversion(settings: TabularTranslator['typeConversionSettings'], report: ProblemReport): void {
  for (const name of DATE_FORMATS) checkFormat(settings?.[name], [name], report);
}

function checkFormat(format: unknown, path: JsonPath, report: ProblemReport): void {
  const text = literalText(format);
  if (text === undefined) return;
  const reading = readFormat(text);
  if ('problem' in reading) report.error(path, reading.problem, { hint: reading.hint });
}

function allWritten(mappings: readonly JsonValue[]): boolean {
  return mappings.every(
    (mapping) => isRecord(mapping) && isRecord(mapping['sink']) && literalText(mapping['sink']['name']) !== undefined,
  );
}
