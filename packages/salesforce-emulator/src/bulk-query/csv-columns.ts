import type { ResultColumn } from '../org/org.ts';
import { parseSoql } from '../soql/soql-parser.ts';
import type { CsvColumn } from './csv-rows.ts';

/** Results come in SELECT order from this API version on, sorted by name before. */
export const SELECT_ORDER_SINCE = 50;

export interface HeaderOptions {
  readonly headerNames: 'api' | 'select';
  readonly namespace?: string | undefined;
}

/** The columns of a result file. */
export function csvColumns(
  soql: string,
  columns: readonly ResultColumn[],
  version: number,
  { headerNames, namespace }: HeaderOptions,
): readonly CsvColumn[] {
  const spelling = headerNames === 'select' ? spellings(soql) : new Map<string, string>();
  const ordered = columns.map(({ header, type, path }, place) => {
    const name = namespace === undefined ? header : path.map((part) => withNamespace(part, namespace)).join('.');
    return { header: spelling.get(header.toLowerCase()) ?? name, type, place };
  });
  return version >= SELECT_ORDER_SINCE ? ordered : ordered.sort((a, b) => (a.header < b.header ? -1 : 1));
}

/** The paths of the SELECT clause as written, by their lower case. */
function spellings(soql: string): ReadonlyMap<string, string> {
  const written = parseSoql(soql).select.flatMap((item) =>
    item.kind === 'expression' && item.expression.kind === 'path' ? [item.expression.parts.join('.')] : [],
  );
  return new Map(written.map((name) => [name.toLowerCase(), name]));
}

function withNamespace(name: string, namespace: string): string {
  return /^[^_]+(?:_[^_]+)*__[crs]$/i.test(name) ? `${namespace}__${name}` : name;
}
