import { SluiceError } from '@sluice/core';

import { quoteName, quoteTable } from '../client/identifier.ts';
import type { Session } from '../client/session.ts';
import type { OutcomeBuilder, RowPlace, RowReason } from './run-outcome.ts';
import { columnsOf, type PostgresTarget, tableOf } from './sink-state.ts';
import { quoteNames, stagingTables } from './staging.ts';

const PLACE = '_sluice_split, _sluice_part, _sluice_row';

interface MoveOptions {
  readonly duplicateKeys: 'reject' | 'lastWins';
  /** How many there are to move. */
  readonly stagedRows: number;
}

interface PlaceRow {
  readonly split: number;
  readonly part: number;
  /** bigint, as text. */
  readonly row: string;
}

interface StagedPlace extends PlaceRow {
  /** Where it lies in the staging table. */
  readonly ctid: string;
}

/** Moves staged rows into the table, inside the transaction under way. */
export class RowMove {
  readonly #session: Session;
  readonly #target: PostgresTarget;
  readonly #options: MoveOptions;
  readonly #outcome: OutcomeBuilder;
  readonly #staged: string;
  readonly #table: string;
  /** Those staged that are accounted for: rejected, left out for a later one of their key, or moved. */
  #settledRows = 0;
  /** Those that a constraint refused. */
  #refusedRows = 0;

  constructor(session: Session, target: PostgresTarget, options: MoveOptions, outcome: OutcomeBuilder) {
    this.#session = session;
    this.#target = target;
    this.#options = options;
    this.#outcome = outcome;
    this.#staged = quoteTable(stagingTables(target).rows);
    this.#table = quoteTable(tableOf(target));
  }

  /** Rows that a constraint refuses are rejected, as many as the run allows. @throws `ROWS_REJECTED` */
  async move(): Promise<void> {
    await this.#session.run('move rows', 'SET CONSTRAINTS ALL IMMEDIATE');
    if (this.#target.strategy === 'upsert') await this.#settleDuplicates();
    const refusal = await this.#try(this.#insert('TRUE'));
    if (refusal !== undefined) await this.#moveHalves(0, await this.#blocks());
    await this.#requireSettled();
  }

  /** @throws `COUNT_MISMATCH` when the server took a row and did nothing with it. */
  async #requireSettled(): Promise<void> {
    const { stagedRows } = this.#options;
    if (this.#settledRows === stagedRows) return;
    // Rows of known keys alone change nothing, and are not counted as moved: their keys are there.
    const changesNothing = this.#target.strategy === 'upsert' && this.#changed().length === 0;
    const missingRows = changesNothing
      ? (await this.#absentKeys()) - this.#refusedRows
      : stagedRows - this.#settledRows;
    if (missingRows <= 0 && changesNothing) return;
    throw new SluiceError(
      'COUNT_MISMATCH',
      `PostgreSQL: of ${stagedRows} rows ${this.#table} accounts for ${stagedRows - missingRows}: a trigger or rule leaves rows out`,
      { hint: 'Write to the table behind the trigger or rule, or without it.' },
    );
  }

  /** How many staged rows have a key that the table does not. */
  async #absentKeys(): Promise<number> {
    const isSame = this.#target.keys.map((key) => `t.${quoteName(key)} = s.${quoteName(key)}`).join(' AND ');
    const [row] = await this.#session.rows<{ absent: number }>(
      'count rows',
      `SELECT count(*)::float8 AS absent FROM ${this.#staged} s
        WHERE NOT EXISTS (SELECT FROM ${this.#table} t WHERE ${isSame})`,
    );
    return row?.absent ?? 0;
  }

  #changed(): readonly string[] {
    const { keys } = this.#target;
    return columnsOf(this.#target)
      .map(({ name }) => name)
      .filter((name) => !keys.includes(name));
  }

  #insert(where: string): string {
    const columns = columnsOf(this.#target);
    const names = quoteNames(columns.map(({ name }) => name));
    // Rows of one key take effect in their order, and rows of a table lie in the order of the source.
    const insert = `INSERT INTO ${this.#table} (${names}) SELECT ${names} FROM ${this.#staged} WHERE ${where} ORDER BY ${PLACE}`;
    const { strategy, keys } = this.#target;
    if (strategy !== 'upsert') return insert;
    const changed = this.#changed();
    const update =
      changed.length === 0
        ? 'NOTHING'
        : `UPDATE SET ${changed.map((name) => `${quoteName(name)} = EXCLUDED.${quoteName(name)}`).join(', ')}`;
    return `${insert} ON CONFLICT (${quoteNames(keys)}) DO ${update}`;
  }

  /** `ON CONFLICT` takes each key once. */
  async #settleDuplicates(): Promise<void> {
    const { duplicateKeys } = this.#options;
    const { keys } = this.#target;
    const quoted = quoteNames(keys);
    const order = duplicateKeys === 'lastWins' ? 'DESC' : 'ASC';
    const direction = PLACE.split(', ')
      .map((name) => `${name} ${order}`)
      .join(', ');
    const deleted = await this.#session.rows<PlaceRow>(
      'look for rows of one key',
      `DELETE FROM ${this.#staged} s USING (
         SELECT ctid, row_number() OVER (PARTITION BY ${quoted} ORDER BY ${direction}) AS nth FROM ${this.#staged}
       ) d WHERE d.nth > 1 AND s.ctid = d.ctid
       RETURNING s._sluice_split AS split, s._sluice_part AS part, s._sluice_row AS row`,
    );
    this.#settledRows += deleted.length;
    // With `lastWins` an earlier row is written as much as if it had been overwritten.
    if (duplicateKeys === 'lastWins') return;
    const message = 'the key is that of an earlier row';
    for (const place of deleted)
      this.#outcome.refuse(placeOf(place), { code: 'DUPLICATE_KEY', message, columns: keys });
  }

  async #blocks(): Promise<number> {
    const [row] = await this.#session.rows<{ blocks: number }>(
      'move rows',
      `SELECT (pg_relation_size($1::regclass) / current_setting('block_size')::int8)::float8 AS blocks`,
      [this.#staged],
    );
    return row?.blocks ?? 0;
  }

  /** Blocks one of whose rows the server refuses: the halves by themselves, down to single rows. */
  async #moveHalves(from: number, to: number): Promise<void> {
    if (to - from <= 1) return await this.#moveRows(from);
    const middle = Math.floor((from + to) / 2);
    for (const [start, end] of [
      [from, middle],
      [middle, to],
    ] as const) {
      const refusal = await this.#try(this.#insert(`ctid >= '(${start},0)' AND ctid < '(${end},0)'`));
      if (refusal !== undefined) await this.#moveHalves(start, end);
    }
  }

  async #moveRows(block: number): Promise<void> {
    const rows = await this.#session.rows<StagedPlace>(
      'move rows',
      `SELECT ctid::text AS ctid, _sluice_split AS split, _sluice_part AS part, _sluice_row AS row FROM ${this.#staged}
        WHERE ctid >= '(${block},0)' AND ctid < '(${block + 1},0)' ORDER BY ${PLACE}`,
    );
    await this.#moveRefused(rows);
  }

  /** Rows one of which the server refuses: the halves by themselves, down to that one. */
  async #moveRefused(rows: readonly StagedPlace[], refusal?: SluiceError): Promise<void> {
    const [first, second] = rows;
    if (first === undefined) return;
    if (second === undefined && refusal !== undefined) {
      this.#settledRows++;
      this.#refusedRows++;
      return this.#outcome.refuse(placeOf(first), rowReason(refusal));
    }
    const middle = Math.ceil(rows.length / 2);
    for (const half of [rows.slice(0, middle), rows.slice(middle)]) {
      if (half.length === 0) continue;
      const places = half.map(({ ctid }) => `"${ctid}"`).join(',');
      const refused = await this.#try(this.#insert(`ctid = ANY ('{${places}}')`));
      if (refused !== undefined) await this.#moveRefused(half, refused);
    }
  }

  /** The server's refusal of a row, if it is one. */
  async #try(sql: string): Promise<SluiceError | undefined> {
    await this.#session.run('move rows', 'SAVEPOINT rows');
    try {
      const moved = await this.#session.run('move rows', sql);
      await this.#session.run('move rows', 'RELEASE SAVEPOINT rows');
      this.#settledRows += moved;
      return undefined;
    } catch (error) {
      if (!SluiceError.is(error) || error.code !== 'VALUE_INVALID') throw error;
      await this.#session.run('move rows', 'ROLLBACK TO SAVEPOINT rows');
      return error;
    }
  }
}

/** What the server says of the row, without the words around it. */
function rowReason({ message, details }: SluiceError): RowReason {
  const state = textOf(details, 'sqlState');
  const column = textOf(details, 'column');
  const told = message.replace(/^move rows: /, '').replace(` (SQLSTATE ${state})`, '');
  return { code: state ?? 'VALUE_INVALID', message: told, columns: column === undefined ? [] : [column] };
}

function textOf(details: SluiceError['details'], name: string): string | undefined {
  if (typeof details !== 'object' || details === null || Array.isArray(details)) return undefined;
  const value: unknown = Object.entries(details).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : undefined;
}

function placeOf({ split, part, row }: PlaceRow): RowPlace {
  return { split, part, row: Number(row) };
}
