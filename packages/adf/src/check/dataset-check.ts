import { isReportId } from '@sluice/salesforce';

import type { Dataset } from '../definition/factory.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { isRecord } from '../reading/canonical-json.ts';
import type { DefinitionText } from '../reading/read-definition.ts';
import { findEncoding } from './encoding.ts';
import { checkExpressions, literalText } from './expression-check.ts';
import { checkDefaults } from './parameter-check.ts';

/** What is wrong with a dataset as such, references aside. */
export function checkDataset({ json, properties, report }: DefinitionText<'dataset'>): void {
  const dataset = isRecord(json['parameters']) ? Object.keys(json['parameters']) : [];
  checkDefaults(json['parameters'], ['parameters'], report);
  checkExpressions(json['typeProperties'], ['typeProperties'], { dataset }, report);
  checkExpressions(json['linkedServiceName'], ['linkedServiceName'], { dataset }, report);
  if (properties !== undefined) checkFormat(properties, report.within(['typeProperties']));
}

function checkFormat({ type, typeProperties }: Dataset['properties'], report: ProblemReport): void {
  switch (type) {
    case 'DelimitedText':
      checkDelimitedText(typeProperties, report);
      checkEncoding(typeProperties.encodingName, report);
      return;
    case 'Parquet':
      if (typeProperties.compressionCodec === 'lzo')
        report.error(['compressionCodec'], 'lzo is not supported by copy activities');
      return;
    case 'Json':
      checkEncoding(typeProperties.encodingName, report);
      return;
    case 'SalesforceV2Object':
    case 'SalesforceServiceCloudV2Object':
      checkReport(typeProperties.reportId, report);
      return;
    default:
  }
}

type DelimitedText = Extract<Dataset['properties'], { readonly type: 'DelimitedText' }>['typeProperties'];

/** Format of Azure Data Factory for delimited text: "Dataset properties", read 2026-11. */
function checkDelimitedText(properties: DelimitedText, report: ProblemReport): void {
  const column = literalText(properties.columnDelimiter);
  const row = literalText(properties.rowDelimiter);
  const quote = literalText(properties.quoteChar);
  const escape = literalText(properties.escapeChar);
  if (column === '') report.error(['columnDelimiter'], 'must not be empty in copy activities');
  if (row !== undefined && row !== '\r\n' && row.length !== 1) {
    report.error(['rowDelimiter'], 'must be one character, or CR and LF');
  }
  if (quote !== undefined && quote.length > 1) report.error(['quoteChar'], 'must be one character, or empty');
  if (escape !== undefined && escape.length > 1) report.error(['escapeChar'], 'must be one character, or empty');
  if (escape === '' && quote !== undefined && quote !== '') {
    report.error(['escapeChar'], 'can be empty only where quoteChar is empty, too', {
      hint: 'Set it to the quoteChar to double quotes within values.',
    });
  }
  if (column !== undefined && column !== '') {
    for (const [name, other] of [
      ['quoteChar', quote],
      ['rowDelimiter', row],
    ] as const) {
      if (other !== undefined && other !== '' && column.includes(other))
        report.error([name], 'is a part of columnDelimiter');
    }
  }
  const { compressionCodec: codec } = properties;
  if (codec === 'snappy' || codec === 'lz4') {
    report.error(['compressionCodec'], `${codec} is not supported by copy activities`);
  }
}

function checkReport(reportId: unknown, report: ProblemReport): void {
  const id = literalText(reportId)?.trim() ?? '';
  if (id === '' || isReportId(id)) return;
  report.error(['reportId'], 'is no id of a report, which has 15 or 18 characters and begins with 00O', {
    hint: 'Take it from the address of the report.',
  });
}

function checkEncoding(encodingName: unknown, report: ProblemReport): void {
  const name = literalText(encodingName);
  if (name === undefined || findEncoding(name) !== undefined) return;
  report.error(['encodingName'], 'is no encoding that is known here', {
    hint: 'Use UTF-8, or a name such as windows-1252.',
  });
}
