import type { PartId, PreparedPart, StagedPart } from '../contract/sink.ts';
import type { VerdictParts } from './copy-parts.ts';
import { type GivenRowsParts, givenRows } from './given-rows.ts';
import { contractBroken } from './plugin-fault.ts';
import { partIn, type PartState, type RunState, uncommitted } from './run-state.ts';

export type StagedPartsParts = GivenRowsParts & Pick<VerdictParts, 'sink'>;

/** What a plugin remembers of a run's sink, and ahead of what it remembers of a part. */
export const SINK_SCOPE = 'sink';

export function partScope({ split, part, retry }: PartId, scope = SINK_SCOPE): string {
  return retry === undefined ? `${scope}/${split}/${part}` : `${scope}/${split}/${part}/${retry}`;
}

/** A part as the sink is shown it for a commit. */
export function preparedPart(parts: StagedPartsParts, state: PartState): PreparedPart {
  const { part, message } = state.prepared;
  const { run, sink } = parts;
  return {
    part,
    message,
    memo: run.log.memo(partScope(part), sink.name),
    rows() {
      if (sink.traits.keepsRows === true) return givenRows(parts, state);
      throw contractBroken(sink.name, 'it asks for the rows of a part, and does not declare that they are to be kept');
    },
  };
}

/** Parts that are not committed, those that were never prepared among them. */
export function stagedParts(parts: StagedPartsParts): readonly StagedPart[] {
  const {
    run: { log },
    sink,
  } = parts;
  const begun = rememberedParts(log.state, SINK_SCOPE).filter((part) => partIn(log.state, part) === undefined);
  return [
    ...uncommitted(log.state).map((state) => preparedPart(parts, state)),
    ...begun.map((part) => ({ part, message: undefined, memo: log.memo(partScope(part), sink.name) })),
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
