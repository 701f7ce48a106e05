import type { PartId, PreparedPart, StagedPart } from '../contract/sink.ts';
import type { CopyParts } from './copy-parts.ts';
import { writtenAgain } from './rows-again.ts';
import { partsOf, type PartState, type RunState } from './run-state.ts';
import type { ReadingParts } from './split-reader.ts';

/** What a plugin keeps of a run's sink, and before every name of what it keeps of a part. */
export const SINK_SCOPE = 'sink';

export function partScope({ split, part }: PartId): string {
  return `${SINK_SCOPE}/${split}/${part}`;
}

/** A part as the sink is shown it for a commit. */
export function preparedPart(copy: ReadingParts & Pick<CopyParts, 'mapping'>, state: PartState): PreparedPart {
  const { part, message } = state.prepared;
  return { part, message, memo: copy.run.log.memo(partScope(part)), rows: () => writtenAgain(copy, state) };
}

/** Parts that are not committed, those that were never prepared among them. */
export function stagedParts(copy: ReadingParts & Pick<CopyParts, 'mapping'>): readonly StagedPart[] {
  const { log } = copy.run;
  return [
    ...partsOf(log.state)
      .filter(({ committed }) => committed === undefined)
      .map((state) => preparedPart(copy, state)),
    ...unprepared(log.state).map((part) => ({ part, message: undefined, memo: log.memo(partScope(part)) })),
  ];
}

/** Of parts that were never prepared, those are known whose writer has remembered something. */
function unprepared({ memos, splits }: RunState): readonly PartId[] {
  const names = memos.keys().flatMap((scope) => {
    const [, split, part] = /^sink\/(\d+)\/(\d+)$/.exec(scope) ?? [];
    return split === undefined ? [] : [{ split: Number(split), part: Number(part) }];
  });
  return [...names].filter(({ split, part }) => splits[split]?.parts[part] === undefined);
}
