import type { ProblemReport } from '../problem/problem-report.ts';
import { isList, isRecord, type JsonValue } from '../reading/canonical-json.ts';
import { literalText } from './expression-check.ts';

const COLUMN = '$$COLUMN:';

/** Columns a source adds: their names, and what is written with $$. */
export function checkColumns(columns: unknown, isFileSource: boolean, report: ProblemReport): void {
  if (!isList(columns)) return;
  const seen = new Set<string>();
  columns.forEach((column: JsonValue, index) => {
    if (!isRecord(column)) return;
    const path = ['additionalColumns', index];
    const name = literalText(column['name']);
    if (name === '') report.error([...path, 'name'], 'is empty');
    if (name !== undefined && seen.has(name))
      report.error([...path, 'name'], `another column is called ${JSON.stringify(name)}`);
    if (name !== undefined) seen.add(name);
    const value = column['value'];
    if (typeof value !== 'string') return;
    if (value.toUpperCase() === '$$FILEPATH' && !isFileSource) {
      report.error([...path, 'value'], '$$FILEPATH is for sources that read files');
    }
    if (value.toUpperCase().startsWith(COLUMN) && value.length === COLUMN.length) {
      report.error([...path, 'value'], '$$COLUMN: must be followed by the name of a column');
    }
  });
}
