import type { PartId, PreparedPart, StagedPart } from '../contract/sink.ts';
import { type GivenRowsParts, givenRows } from './given-rows.ts';
import { partIn, partsOf, type PartState, type RunState } from './run-state.ts';

/** What a plugin remembers of a run's sink, and ahead of what it remembers of a part. */
export const SINK_SCOPE = 'sink';

export function partScope({ split, part, retry }: PartId, scope = SINK_SCOPE): string {
  return retry === undefined ? `${scope}/${split}/${part}` : `${scope}/${split}/${part}/${retry}`;
}

/** A part as the sink is shown it for a commit. */
export function preparedPart(parts: GivenRowsParts, state: PartState): PreparedPart {
  const { part, message } = state.prepared;
  return { part, message, memo: parts.run.log.memo(partScope(part)), rows: () => givenRows(parts, state) };
}

/** Parts that are not committed, those that were never prepared among them. */
export function stagedParts(parts: GivenRowsParts): readonly StagedPart[] {
  const { log } = parts.run;
  const uncommitted = partsOf(log.state).filter(({ committed }) => committed === undefined);
  const begun = rememberedParts(log.state, SINK_SCOPE).filter((part) => partIn(log.state, part) === undefined);
  return [
    ...uncommitted.map((state) => preparedPart(parts, state)),
    ...begun.map((part) => ({ part, message: undefined, memo: log.memo(partScope(part)) })),
  ];
}

/** Parts whose writers have written something down. */
export function rememberedParts({ memos }: RunState, scope: string): readonly PartId[] {
  return [...memos.keys()].flatMap((name) => {
    const [first, ...ordinals] = name.split('/');
    const [split, part, retry] = ordinals.map(Number);
    if (first !== scope || split === undefined || part === undefined) return [];
    return [{ split, part, ...(retry === undefined ? {} : { retry }) }];
  });
}
