import { SluiceError, type WrittenRow } from '@sluice/core';

import type { Hash64 } from '../canonical/hash.ts';
import { openSet } from './job-results.ts';
import { WRITTEN } from './outcome-table.ts';
import { type PartRows, stageSeed } from './part-rows.ts';
import { CREATED_PLACE, ID_PLACE, resultNames } from './result-hasher.ts';
import type { ResultJoin, SetTally } from './result-join.ts';
import { openResults, type ResultBatch, resultText } from './result-rows.ts';

/**
 * The ids of the rows that were written, as the successful results are read again.
 *
 * @throws `COUNT_MISMATCH` when they are fewer than before: a response that ends early at the end of a row looks whole.
 */
export async function* writtenRows(
  { plan, signal, rowCount }: PartRows,
  join: ResultJoin,
): AsyncGenerator<readonly WrittenRow[], void, undefined> {
  const isNamed = new Uint8Array((rowCount + 7) >> 3);
  const isLastWins = plan.options.duplicateKeys === 'lastWins';
  for (const tally of join.tallies) {
    if (tally.kind !== 'successful' || tally.rows === 0) continue;
    await using results = await openResults(openSet(tally.job, 'successful'), resultNames(plan, tally.job.variant));
    let rows = 0;
    for await (const batch of results?.batches ?? []) {
      signal.throwIfAborted();
      rows += batch.rows;
      const written: WrittenRow[] = [];
      for (let row = 0; row < batch.rows; row++)
        written.push(...namedRows(join, tally, batch, row, isNamed, isLastWins));
      if (written.length > 0) yield written;
    }
    if (rows !== tally.rows) throw changed(rows, tally.rows);
  }
}

function changed(rows: number, before: number): SluiceError {
  return new SluiceError(
    'COUNT_MISMATCH',
    `successful results had ${before} rows, and ${rows} when read for their ids`,
    {
      retryable: true,
    },
  );
}

function* namedRows(
  { stages, outcomes }: ResultJoin,
  { job }: SetTally,
  batch: ResultBatch,
  row: number,
  isNamed: Uint8Array,
  isLastWins: boolean,
): Generator<WrittenRow, void, undefined> {
  const hash: Hash64 = { high: 0, low: 0 };
  // Of equal rows the first ones are those that were written.
  const isFree = (candidate: number): boolean => ((isNamed[candidate >> 3]! >> (candidate & 7)) & 1) === 0;
  for (const { stage, index, hasher } of stages) {
    hasher.hash(batch, row, stageSeed(stage, job.variant), hash);
    const found = index.first(hash, isFree);
    if (found < 0 || outcomes.of(found) !== WRITTEN) continue;
    const id = resultText(batch.columns[ID_PLACE], row);
    const created = resultText(batch.columns[CREATED_PLACE], row).toLowerCase() === 'true';
    // Rows with the key of a later one were not sent, and are what that one is.
    const rows = stage.isUnique && isLastWins ? [...index.group(hash)] : [found];
    for (const [place, named] of rows.entries()) {
      isNamed[named >> 3]! |= 1 << (named & 7);
      yield { row: named, id, created: created && place === rows.length - 1 };
    }
    return;
  }
}
