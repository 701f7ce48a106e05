import { type CommitContext, type PreparedPart, SluiceError } from '@sluice/core';

import { quoteName, quoteTable } from '../client/identifier.ts';
import type { Session } from '../client/session.ts';
import { RowMove } from './move-rows.ts';
import { OutcomeBuilder, readOutcome, type RunOutcome } from './run-outcome.ts';
import type { ParsedSinkOptions } from './sink-options.ts';
import { columnsOf, type PostgresMessage, type PostgresTarget, tableOf } from './sink-state.ts';
import { dropStaging, hasPlaces, quoteNames, stagingTables } from './staging.ts';
import { requireEmpty } from './target-place.ts';

/** Makes the rows of a run visible in one transaction, once: a run that is committed answers what became of it then. */
export async function commitRun(
  session: Session,
  target: PostgresTarget,
  parts: readonly PreparedPart<PostgresMessage>[],
  options: ParsedSinkOptions,
  ctx: Pick<CommitContext, 'requireAllowed'>,
): Promise<RunOutcome> {
  const tables = stagingTables(target);
  const runs = quoteTable(tables.runs);
  // Each statement is to see what was committed before it, whatever the role's own default is.
  await session.run('commit', 'BEGIN ISOLATION LEVEL READ COMMITTED');
  // A commit whose reply was lost may still be under way.
  await session.run('commit', 'SELECT pg_advisory_xact_lock(hashtext($1))', [`sluice ${target.runId}`]);
  const known = await readOutcome(session, runs, target.runId);
  if (known !== undefined) {
    await session.run('commit', 'ROLLBACK');
    return known;
  }
  await requireStaged(session, target, parts);
  await claimTable(session, target);
  const builder = new OutcomeBuilder(ctx);
  if (options.preCopyScript !== undefined) await runScript(session, options.preCopyScript);
  await makeVisible(session, target, parts, options, builder);
  const outcome = builder.outcome(parts.map(({ part: { split, part }, message: { rows } }) => ({ split, part, rows })));
  await session.run('commit', `INSERT INTO ${runs} (run, table_name, outcome) VALUES ($1, $2, $3::jsonb)`, [
    target.runId,
    quoteTable(tableOf(target)),
    JSON.stringify(outcome),
  ]);
  await session.run('commit', dropStaging(target));
  await session.run('commit', 'COMMIT');
  return outcome;
}

/** Of runs at once that make a table, or want it without rows, the first has it. @throws `TARGET_EXISTS` */
async function claimTable(session: Session, target: PostgresTarget): Promise<void> {
  const { strategy, isMissing, isToBeEmpty } = target;
  if (strategy !== 'rename' && !isMissing && !isToBeEmpty) return;
  const table = tableOf(target);
  await session.run('commit', 'SELECT pg_advisory_xact_lock(hashtext($1))', [`sluice makes ${quoteTable(table)}`]);
  if (isToBeEmpty) await requireEmpty(session, table);
}

/** @throws `CONFIG_INVALID` for a script that ends the transaction: nothing could be whole or not at all behind it. */
async function runScript(session: Session, script: string): Promise<void> {
  const transaction = async (): Promise<string | undefined> => {
    const [row] = await session.rows<{ id: string }>('commit', 'SELECT pg_current_xact_id()::text AS id');
    return row?.id;
  };
  const before = await transaction();
  await session.run('run preCopyScript', script);
  if ((await transaction()) === before) return;
  throw new SluiceError('CONFIG_INVALID', 'PostgreSQL: preCopyScript ends the transaction that it runs in', {
    hint: 'Leave COMMIT and ROLLBACK out of it. What it had done by then may have become visible; no row of the run has.',
  });
}

async function makeVisible(
  session: Session,
  target: PostgresTarget,
  parts: readonly PreparedPart<PostgresMessage>[],
  options: ParsedSinkOptions,
  outcome: OutcomeBuilder,
): Promise<void> {
  const { strategy, truncatesWhenEmpty } = target;
  if (strategy === 'rename') return await renameStaging(session, target);
  const stagedRows = parts.reduce((sum, { message }) => sum + message.rows, 0);
  if (target.isMissing) await makeTable(session, target);
  if (strategy === 'replace' && (stagedRows > 0 || truncatesWhenEmpty)) {
    await session.run('empty the table', `TRUNCATE ${quoteTable(tableOf(target))}`);
  }
  if (stagedRows === 0) return;
  const { duplicateKeys } = options;
  await new RowMove(session, target, { duplicateKeys, stagedRows }, outcome).move();
}

/** Where rows of one key may come: the table that they are moved into cannot be the one they are staged in. */
async function makeTable(session: Session, target: PostgresTarget): Promise<void> {
  const columns = columnsOf(target).map(({ name, type }) => `${quoteName(name)} ${type.name}`);
  const key = `PRIMARY KEY (${quoteNames(target.keys)})`;
  await session.run('make the table', `CREATE TABLE ${quoteTable(tableOf(target))} (${[...columns, key].join(', ')})`);
}

async function renameStaging(session: Session, target: PostgresTarget): Promise<void> {
  const [staged, table] = [quoteTable(stagingTables(target).rows), quoteTable(tableOf(target))];
  await session.run(
    'name the table',
    `COMMENT ON TABLE ${staged} IS NULL; ALTER TABLE ${staged} RENAME TO ${quoteName(target.table.table)}`,
  );
  // A key is called after its table.
  if (target.keys.length > 0) {
    await session.run('finish the table', `ALTER TABLE ${table} ADD PRIMARY KEY (${quoteNames(target.keys)})`);
  }
}

interface StagedRow {
  readonly split: number;
  readonly part: number;
  /** bigint, as text. */
  readonly rows: string;
  readonly xid: string;
}

/** What is staged and belongs to no part of the run goes; what is missing is an error. */
async function requireStaged(
  session: Session,
  target: PostgresTarget,
  parts: readonly PreparedPart<PostgresMessage>[],
): Promise<void> {
  const tables = stagingTables(target);
  const [exists] = await session.rows<{ found: boolean }>('commit', `SELECT to_regclass($1) IS NOT NULL AS found`, [
    quoteTable(tables.parts),
  ]);
  if (exists?.found !== true) throw stagedDataLost('the staging tables are gone');
  const staged = new Map(
    (await session.rows<StagedRow>('commit', `SELECT split, part, rows, xid FROM ${quoteTable(tables.parts)}`)).map(
      (row) => [nameOf(row), row],
    ),
  );
  for (const { part, message } of parts) {
    const found = staged.get(nameOf(part));
    staged.delete(nameOf(part));
    if (Number(found?.rows) === message.rows) continue;
    throw stagedDataLost(`part ${part.part} of split ${part.split} is not staged as it was prepared`);
  }
  for (const row of staged.values()) await removeStray(session, target, row);
}

async function removeStray(session: Session, target: PostgresTarget, { split, part, xid }: StagedRow): Promise<void> {
  const rows = quoteTable(stagingTables(target).rows);
  if (hasPlaces(target)) {
    await session.run('commit', `DELETE FROM ${rows} WHERE _sluice_split = $1 AND _sluice_part = $2`, [split, part]);
  } else {
    await session.run('commit', `DELETE FROM ${rows} WHERE xmin::text = $1`, [xid]);
  }
}

function nameOf({ split, part }: { readonly split: number; readonly part: number }): string {
  return `${split}/${part}`;
}

function stagedDataLost(what: string): SluiceError {
  return new SluiceError('STAGED_DATA_LOST', `PostgreSQL: ${what}`, { hint: 'Abandon the run and start a new one.' });
}
