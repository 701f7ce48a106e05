import type { HeaderVariant } from '../encode/header-variant.ts';
import { IN_DOUBT, NO_OUTCOME, NOT_SENT, type Outcome, WRITTEN } from './outcome-table.ts';
import { eachVariant, type PartRows } from './part-rows.ts';
import type { ResultJoin, SetTally } from './result-join.ts';
import type { RowOutcomes } from './row-outcomes.ts';

/** What the rows of a variant without a result are given. */
type Verdict =
  | { readonly kind: 'doubt'; readonly all: boolean }
  /** Outcomes to be handed out in any order, with how many there are of each. */
  | { readonly kind: 'hand out'; readonly outcomes: [outcome: Outcome, rows: number][] };

/**
 * Settles rows that no result was joined to. Where the results that were joined to no row all say that rows were written,
 * or all that they were not, the rows left must be those; else they are in doubt. All rows of the variants in `doubtful`
 * are in doubt.
 */
export async function settleLeftovers(
  part: PartRows,
  { outcomes, tallies }: ResultJoin,
  doubtful: ReadonlySet<HeaderVariant>,
  variants: ReadonlySet<HeaderVariant>,
): Promise<void> {
  if (doubtful.size === 0 && outcomes.open().next().done === true) return;
  const verdicts = new Map<HeaderVariant, Verdict>();
  for (const variant of variants) {
    verdicts.set(variant, doubtful.has(variant) ? { kind: 'doubt', all: true } : verdictOf(tallies, variant));
  }
  const settle = (row: number, variant: HeaderVariant): void => {
    const outcome = outcomes.of(row);
    if (outcome === NOT_SENT) return;
    const verdict = verdicts.get(variant) ?? { kind: 'doubt', all: true };
    if (verdict.kind === 'doubt') {
      if (verdict.all || outcome === NO_OUTCOME) outcomes.set(row, IN_DOUBT);
      return;
    }
    if (outcome === NO_OUTCOME) handOut(row, verdict.outcomes, outcomes);
  };
  const [only] = variants;
  if (variants.size === 1) for (let row = 0; row < outcomes.rows; row++) settle(row, only!);
  else await eachVariant(part, settle);
}

function verdictOf(tallies: readonly SetTally[], variant: HeaderVariant): Verdict {
  const outcomes = new Map<Outcome, number>();
  for (const { job, unmatched } of tallies) {
    if (job.variant !== variant) continue;
    for (const [outcome, rows] of unmatched) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + rows);
  }
  const isMixed = outcomes.has(WRITTEN) && outcomes.size > 1;
  if (isMixed || outcomes.size === 0) return { kind: 'doubt', all: false };
  return { kind: 'hand out', outcomes: [...outcomes] };
}

function handOut(row: number, left: [outcome: Outcome, rows: number][], outcomes: RowOutcomes): void {
  const next = left.find(([, rows]) => rows > 0);
  if (next === undefined) {
    outcomes.set(row, IN_DOUBT);
    return;
  }
  outcomes.set(row, next[0]);
  next[1]--;
  if (left.length > 1) outcomes.setAmbiguous(row);
}
