import type { Reject, RowRange, WrittenRow } from '@sluice/core';

import type { HeaderVariant } from '../encode/ingest-encoder.ts';
import type { JobResults, LostJob } from './job-results.ts';
import { settleLeftovers } from './leftover-rows.ts';
import type { SettledLoad } from './load-order.ts';
import { isReject, type OutcomeTable } from './outcome-table.ts';
import type { PartRows } from './part-rows.ts';
import { ResultJoin, type SetTally } from './result-join.ts';
import { writtenRows } from './written-rows.ts';

export type { JobResults, LostJob };

/** The jobs of one part, at most one for each variant, and the rows they were made of: all that the encoder was given. */
export interface PartJobs extends PartRows {
  readonly jobs: readonly (JobResults | LostJob)[];
}

/** Result rows that could be joined to no row of the part. */
export interface UnmatchedResults {
  readonly rows: number;
  /** Of those that were not written, the most frequent first, at most 100. */
  readonly messages: readonly { readonly code: string; readonly message: string; readonly rows: number }[];
}

export interface JoinFacts {
  readonly unmatched: UnmatchedResults;
  /** Rejects marked as ambiguous. */
  readonly ambiguousRows: number;
  /** Jobs whose result rows are not as many as were submitted, by variant: their rows are in doubt. */
  readonly unbalancedVariants: readonly HeaderVariant[];
}

/** What became of every row that was sent. Rows that the encoder rejected are not in it. */
export interface JoinedResults {
  readonly writtenRows: number;
  readonly rejectedRows: number;
  readonly inDoubt: readonly RowRange[];
  readonly facts: JoinFacts;
  /** For `keepOrderOfLoads`, which has its say before the rejects are read. */
  readonly settled: SettledLoad;
  /** In the order of the rows. */
  rejects(): AsyncIterable<readonly Reject[]>;
  /** In the order of the successful results, which are read again. */
  written(): AsyncIterable<readonly WrittenRow[]>;
}

const MAX_MESSAGES = 100;

/**
 * Joins the result sets of a part's jobs to its rows: by key, else by what the cells sent are once an org has rewritten
 * them; never by position. Equal rows with differing outcomes are given them in their order, and their rejects are marked
 * `ambiguous`. A job whose result rows are not as many as were submitted, or whose results are lost, leaves its rows in
 * doubt; so do results that match nothing where they do not all say the same.
 *
 * Memory: 14 bytes a row, while results match, 20 more where all rows of a key are sent, and two megabytes of messages,
 * however many rows fail. Rows are read once, and again for what did not match, and for keys of which all rows are sent.
 *
 * @throws `RESPONSE_INVALID` for a result set that cannot be read; whatever the streams throw.
 */
export async function joinResults(part: PartJobs): Promise<JoinedResults> {
  const { jobs } = part;
  const kept = jobs.flatMap((job) => ('isLost' in job ? [] : job));
  const join = new ResultJoin(part, kept);
  await join.run();
  const unbalanced = unbalancedVariants(jobs, join.tallies);
  const lost = jobs.flatMap((job) => ('isLost' in job ? job.variant : []));
  await settleLeftovers(part, join, new Set([...unbalanced, ...lost]), new Set(jobs.map(({ variant }) => variant)));
  join.settleKeys();
  const { written, rejected, ambiguous } = join.outcomes.counts();
  return {
    writtenRows: written,
    rejectedRows: rejected,
    inDoubt: join.outcomes.inDoubt(),
    facts: {
      unmatched: unmatchedResults(join.tallies, join.table),
      ambiguousRows: ambiguous,
      unbalancedVariants: unbalanced,
    },
    settled: { rows: part, outcomes: join.outcomes, table: join.table },
    async *rejects() {
      yield* join.outcomes.rejects(join.table);
    },
    written: () => writtenRows(part, join),
  };
}

/** Every row submitted is in one of the three sets. */
function unbalancedVariants(
  jobs: readonly (JobResults | LostJob)[],
  tallies: readonly SetTally[],
): readonly HeaderVariant[] {
  return jobs.flatMap((job) => {
    if ('isLost' in job) return [];
    const rows = tallies.reduce((sum, tally) => (tally.job === job ? sum + tally.rows : sum), 0);
    return rows === job.submittedRows ? [] : job.variant;
  });
}

function unmatchedResults(tallies: readonly SetTally[], table: OutcomeTable): UnmatchedResults {
  const counts = tallies.flatMap(({ unmatched }) => [...unmatched]);
  const messages = counts.flatMap(([outcome, rows]) => {
    if (!isReject(outcome)) return [];
    const { code, message } = table.reasonOf(outcome);
    return [{ code, message, rows }];
  });
  return {
    rows: counts.reduce((sum, [, rows]) => sum + rows, 0),
    messages: messages.sort((a, b) => b.rows - a.rows).slice(0, MAX_MESSAGES),
  };
}
