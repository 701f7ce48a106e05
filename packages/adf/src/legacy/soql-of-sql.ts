import { checkSoql } from '@sluice/salesforce';

import { sqlProblem } from './sql-query.ts';

/** A string literal of SQL, or a name in quotes of one of the three kinds. */
const QUOTED = /'(?:[^'\\]|\\.|'')*'|\[(\w+)\]|"(\w+)"|`(\w+)`/g;
const ODBC_INSTANT = /\{ts\s*'(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)?'\}/gi;
const ODBC_DATE = /\{d\s*'(\d{4}-\d\d-\d\d)'\}/gi;
/** As the documentation of the legacy connector has it. */
const ODBC_FORMATTED = /\{ts\s*'@\{formatDateTime\(([^{}']*),\s*'yyyy-MM-dd HH:mm:ss'\)\}'\}/gi;

/** Stands for an expression while the text around it is looked at. */
const EXPRESSION = '\uE000';

/**
 * The SOQL that says the same as a query of SQL-92, where there is no doubt which one that is; `undefined` elsewhere.
 *
 * Names lose their quotes, and ODBC literals become those of SOQL. What expressions in the text come to is not known:
 * they stay as they are.
 */
export function soqlOfSql(sql: string, apiVersion: string): string | undefined {
  const formatted = sql.replaceAll(ODBC_FORMATTED, "@{formatDateTime($1, 'yyyy-MM-ddTHH:mm:ssZ')}");
  const expressions = formatted.match(/@\{[^{}]*\}/g) ?? [];
  const text = formatted.replaceAll(/@\{[^{}]*\}/g, EXPRESSION);
  if (text.includes('@{')) return undefined;
  const soql = text
    .replaceAll(ODBC_INSTANT, '$1T$2Z')
    .replaceAll(ODBC_DATE, '$1')
    .replaceAll(QUOTED, (match, ...names: readonly unknown[]) => names.slice(0, 3).find(isText) ?? match);
  if (sqlProblem(soql) !== undefined) return undefined;
  if (expressions.length === 0 && checkSoql(soql, { apiVersion, strict: false }) !== undefined) return undefined;
  let next = 0;
  return soql.replaceAll(EXPRESSION, () => expressions[next++]!);
}

/** What `SELECT * FROM …` alone reads all of. */
export function objectReadWhole(sql: string): string | undefined {
  return /^\s*select\s+\*\s+from\s+(?:(\w+)|\[(\w+)\]|"(\w+)"|`(\w+)`)\s*;?\s*$/i.exec(sql)?.slice(1).find(isText);
}

/** The name in `{call "name"}`. */
export function calledReport(sql: string): string | undefined {
  return /^\s*\{\s*call\s+(?:"([^"@]+)"|'([^'@]+)')\s*\}\s*$/i.exec(sql)?.slice(1).find(isText);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
