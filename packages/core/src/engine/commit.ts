import type { RejectGroup } from '../contract/journal.ts';
import type { PartId, PartResult, RowRange } from '../contract/sink.ts';
import type { CopyParts } from './copy-parts.ts';
import { pluginContext, reportRetry } from './plugin-context.ts';
import { contractBroken, fromPlugin } from './plugin-fault.ts';
import { rowsOf } from './receipt.ts';
import { RejectGroups } from './reject-groups.ts';
import { withRetries } from './retry.ts';
import { readRowOf } from './row-ranges.ts';
import { partName, type PartState, type RunState, startRowOf } from './run-state.ts';

export const SINK_SCOPE = 'sink';

/**
 * Makes prepared parts visible and journals what became of their rows. Repeated while it fails in a way that may pass;
 * results that are in the journal already are passed over.
 */
export async function commitParts(copy: CopyParts, ids: readonly PartId[]): Promise<void> {
  const { run, sink, target, sinkSchema, limit, signal } = copy;
  const { log, retry: policy, clock, random } = run;
  const parts = new Map(ids.map((id) => [partName(id), partAt(log.state, id)]));
  const ctx = pluginContext(run, { plugin: sink.name, side: 'write', memoScope: SINK_SCOPE, signal });
  const messages = [...parts.values()].map(({ prepared }) => prepared.message);
  await withRetries(
    () =>
      fromPlugin(sink.name, signal, async () => {
        for await (const result of sink.commit(target, sinkSchema, messages, ctx))
          await takeResult(copy, parts, result);
      }),
    { what: `commit ${ids.length === 1 ? partName(ids[0]!) : `${ids.length} parts`}`, safe: true },
    { policy, clock, random, onRetry: reportRetry(run) },
    signal,
  );
  for (const [name, { committed }] of parts) {
    if (committed === undefined) throw contractBroken(sink.name, `it committed without a result for ${name}`);
  }
  limit.check();
}

async function takeResult(
  { run, sink, limit }: CopyParts,
  parts: ReadonlyMap<string, PartState>,
  result: PartResult,
): Promise<void> {
  const { log } = run;
  const state = parts.get(partName(result.part));
  if (state === undefined) {
    throw contractBroken(sink.name, `it gave a result for ${partName(result.part)}, which was not committed`);
  }
  const rejects = await groupRejects(result, state, startRowOf(log.state, result.part));
  if (state.committed !== undefined) return;
  const { part, writtenRows, inDoubt = [] } = result;
  requireAllRows(sink.name, state, { part, writtenRows, rejects, inDoubt });
  await log.append({ kind: 'partCommitted', part, writtenRows, rejects, inDoubt, calls: log.takeCalls() });
  limit.add(rejects);
}

async function groupRejects(
  { rejects }: PartResult,
  { prepared }: PartState,
  startRow: number,
): Promise<readonly RejectGroup[]> {
  const groups = new RejectGroups();
  for await (const some of rejects) {
    for (const { row, code, message, columns = [] } of some) {
      const firstRow = startRow + readRowOf(prepared.unseen, row);
      groups.add({ stage: 'commit', code, message, columns, firstRow });
    }
  }
  return groups.values();
}

interface Outcome {
  readonly part: PartId;
  readonly writtenRows: number;
  readonly rejects: readonly RejectGroup[];
  readonly inDoubt: readonly RowRange[];
}

function requireAllRows(sink: string, { prepared }: PartState, { part, writtenRows, rejects, inDoubt }: Outcome): void {
  const doubtful = inDoubt.reduce((rows, { from, to }) => rows + to - from, 0);
  const told = writtenRows + rowsOf(rejects) + doubtful;
  if (told === prepared.preparedRows) return;
  throw contractBroken(
    sink,
    `${partName(part)} has ${prepared.preparedRows} rows, and it accounts for ${told} of them`,
  );
}

function partAt({ splits }: RunState, { split, part }: PartId): PartState {
  const state = splits[split]?.parts[part];
  if (state === undefined) throw new RangeError(`there is no ${partName({ split, part })}`);
  return state;
}

/** Everything of a run that is not committed yet, in order. */
export function uncommittedParts({ splits }: RunState): readonly PartId[] {
  return splits.flatMap(({ parts }) =>
    parts.filter(({ committed }) => committed === undefined).map(({ prepared }) => prepared.part),
  );
}
