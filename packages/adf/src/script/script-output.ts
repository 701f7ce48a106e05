import type { StatementResult, StatementsResult } from '@sluice/postgres';

import type { ExpressionObject, ExpressionValue } from '../expression/expression-value.ts';
import type { ScriptParameter } from './bind-script.ts';
import { resultRow } from './result-value.ts';

/** Azure Data Factory, "Script activity", read 2026-11: 5,000 rows and 4 MB of each script, 2 MB of logs. */
export const MAX_SCRIPT_ROWS = 5000;
const MAX_BYTES = 4_194_304;
const MAX_LOG_BYTES = 2_097_152;

/** Commands that change rows; others count the rows they give. */
const CHANGES: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY']);

/** Gathers the output of an activity, script by script. */
export class ScriptOutput {
  readonly #resultSets: ExpressionObject[] = [];
  readonly #parameters: [string, ExpressionValue][] = [];
  readonly #logs: string[] = [];
  #changed = 0;
  #isTruncated = false;

  /** Texts the server raised, one a line. */
  get logs(): string {
    return this.#logs.join('\n');
  }

  add({ results, notices }: StatementsResult, isQuery: boolean, parameters: readonly ScriptParameter[]): void {
    let left = MAX_BYTES;
    for (const result of results) {
      if (CHANGES.has(result.command)) this.#changed += result.rowCount ?? 0;
      if (!isQuery || result.fields.length === 0) continue;
      const rows: ExpressionObject[] = [];
      for (const cells of result.rows) {
        const row = resultRow(cells, result.fields);
        left -= Buffer.byteLength(JSON.stringify(row, withBigInts)) + 1;
        if (left < 0) break;
        rows.push(row);
      }
      if (rows.length < result.totalRows) this.#isTruncated = true;
      this.#resultSets.push({ rowCount: rows.length, rows });
    }
    this.#parameters.push(...outputParameters(results, parameters));
    this.#logs.push(...notices);
  }

  /** `logs`: whether they are part of it; else the folder they are in, if they are anywhere. */
  toObject(logs: { readonly isPart: boolean; readonly location: string }): ExpressionObject {
    const log = logs.isPart ? this.logs : '';
    const isLong = Buffer.byteLength(log) > MAX_LOG_BYTES;
    return {
      resultSetCount: this.#resultSets.length,
      recordsAffected: this.#changed,
      resultSets: this.#resultSets,
      outputParameters: Object.fromEntries(this.#parameters),
      outputLogs: isLong
        ? Buffer.from(log)
            .subarray(0, MAX_LOG_BYTES)
            .toString()
            .replace(/\uFFFD$/, '')
        : log,
      outputLogsLocation: logs.location,
      outputTruncated: this.#isTruncated || isLong,
    };
  }
}

/** What comes out of a procedure is the first row it gives: columns by their names, and the others in their order. */
function outputParameters(
  results: readonly StatementResult[],
  parameters: readonly ScriptParameter[],
): readonly [string, ExpressionValue][] {
  const outputs = parameters.filter(({ direction, name }) => direction !== 'Input' && (name ?? '') !== '');
  const result = results.find(({ rows }) => rows.length > 0);
  if (outputs.length === 0 || result === undefined) return [];
  const row = resultRow(result.rows[0]!, result.fields);
  const names = new Set(outputs.map(({ name }) => name!.toLowerCase()));
  const others = result.fields.map(({ name }) => name).filter((name) => !names.has(name.toLowerCase()));
  return outputs.map(({ name }) => {
    const column =
      result.fields.find((field) => field.name.toLowerCase() === name!.toLowerCase())?.name ?? others.shift();
    return [name!, column === undefined ? null : (row[column] ?? null)];
  });
}

function withBigInts(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
