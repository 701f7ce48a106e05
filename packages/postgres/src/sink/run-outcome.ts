import type { CommitContext, PartId, PartResult, Reject } from '@sluice/core';

import type { Session } from '../client/session.ts';

/** Why the table did not take a row. */
export interface RowReason {
  readonly code: string;
  readonly message: string;
  readonly columns: readonly string[];
}

/** A staged row, by where it comes from. */
export interface RowPlace {
  readonly split: number;
  readonly part: number;
  readonly row: number;
}

/** What became of the rows of a run, kept in the database with the rows themselves. */
export interface RunOutcome {
  readonly parts: readonly { readonly split: number; readonly part: number; readonly rows: number }[];
  readonly reasons: readonly RowReason[];
  /** Split, part, row and reason of each row that was refused. */
  readonly refused: readonly (readonly [number, number, number, number])[];
}

export class OutcomeBuilder {
  readonly #ctx: Pick<CommitContext, 'requireAllowed'>;
  readonly #reasons = new Map<string, number>();
  readonly #list: RowReason[] = [];
  readonly #refused: [number, number, number, number][] = [];

  constructor(ctx: Pick<CommitContext, 'requireAllowed'>) {
    this.#ctx = ctx;
  }

  /** @throws `ROWS_REJECTED` when that is one more than the run allows. */
  refuse({ split, part, row }: RowPlace, reason: RowReason): void {
    this.#ctx.requireAllowed({ split, part }, [{ row, ...reason, retryable: false }]);
    const key = JSON.stringify(reason);
    const known = this.#reasons.get(key);
    if (known === undefined) this.#reasons.set(key, this.#list.push(reason) - 1);
    this.#refused.push([split, part, row, known ?? this.#list.length - 1]);
  }

  outcome(parts: RunOutcome['parts']): RunOutcome {
    return { parts, reasons: this.#list, refused: this.#refused };
  }
}

/** Undefined when the run was not committed. */
export async function readOutcome(session: Session, runs: string, runId: string): Promise<RunOutcome | undefined> {
  const [row] = await session.rows<{ outcome: RunOutcome }>(
    'ask whether the run is committed',
    `SELECT outcome FROM ${runs} WHERE run = $1`,
    [runId],
  );
  return row?.outcome;
}

export function* partResults({ parts, reasons, refused }: RunOutcome, asked: readonly PartId[]): Iterable<PartResult> {
  for (const part of asked) {
    const isOf = (at: { readonly split: number; readonly part: number }): boolean =>
      at.split === part.split && at.part === part.part;
    const rejects = refused
      .filter(([split, ordinal]) => isOf({ split, part: ordinal }))
      .map(([, , row, reason]): Reject => ({ row, ...reasons[reason]!, retryable: false }));
    const rows = parts.find(isOf)?.rows ?? 0;
    yield { part, writtenRows: rows - rejects.length, rejects: one(rejects) };
  }
}

async function* one(rejects: readonly Reject[]): AsyncIterable<readonly Reject[]> {
  if (rejects.length > 0) yield rejects;
}
