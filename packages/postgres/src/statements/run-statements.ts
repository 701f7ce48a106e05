import { callContext } from '../client/call-options.ts';
import type { ParsedPostgresOptions } from '../client/postgres-options.ts';
import { openSession } from '../client/session.ts';
import type { Statement, StatementResult, StatementsOptions, StatementsResult } from './statement-result.ts';

/**
 * Runs statements on one connection, all of them or none. Only connecting is repeated: what became of a statement whose
 * reply was lost is for the caller to find out.
 */
export async function runStatements(
  connection: ParsedPostgresOptions,
  statements: readonly Statement[],
  { maxRows = Infinity, ...options }: StatementsOptions,
): Promise<StatementsResult> {
  const ctx = callContext(options);
  const what = 'connect';
  await using session = await ctx.retry(async () => await openSession(connection, ctx), { what, safe: true });
  const notices: string[] = [];
  session.onNotice((text) => notices.push(text));
  const results: StatementResult[] = [];
  // The server takes a text of several statements as one transaction, and some statements take none around them.
  const isSeveral = statements.length > 1;
  if (isSeveral) await session.run('begin', 'BEGIN');
  for (const { sql, values = [] } of statements) {
    results.push(...(await session.statement('run the statement', sql, values, maxRows)));
  }
  if (isSeveral) await session.run('commit', 'COMMIT');
  return { results, notices };
}
