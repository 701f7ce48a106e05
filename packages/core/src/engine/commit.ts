import type { PartResult } from '../contract/sink.ts';
import type { CopyParts } from './copy-parts.ts';
import { PartOutcome } from './part-outcome.ts';
import { pluginContext, reportRetry } from './plugin-context.ts';
import { contractBroken, fromPlugin } from './plugin-fault.ts';
import { withRetries } from './retry.ts';
import { partName, type PartState } from './run-state.ts';
import { preparedPart, SINK_SCOPE } from './staged-parts.ts';

/**
 * Makes prepared parts visible and journals what became of their rows. Repeated while it fails in a way that may pass;
 * results that are in the journal already are passed over.
 */
export async function commitParts(copy: CopyParts, parts: readonly PartState[]): Promise<void> {
  const { run, sink, target, sinkSchema, limit, signal } = copy;
  const { retry: policy, clock, random } = run;
  const byName = new Map(parts.map((part) => [partName(part.prepared.part), part]));
  const ctx = pluginContext(run, { plugin: sink.name, side: 'write', memoScope: SINK_SCOPE, signal });
  const prepared = parts.map((part) => preparedPart(copy, part));
  await withRetries(
    () =>
      fromPlugin(sink.name, signal, async () => {
        for await (const result of sink.commit(target, sinkSchema, prepared, ctx)) {
          await takeResult(copy, byName, result);
        }
      }),
    {
      what: `commit ${parts.length === 1 ? partName(parts[0]!.prepared.part) : `${parts.length} parts`}`,
      safe: true,
    },
    { policy, clock, random, onRetry: reportRetry(run) },
    signal,
  );
  for (const [name, { committed }] of byName) {
    if (committed === undefined) throw contractBroken(sink.name, `it committed without a result for ${name}`);
  }
  limit.check();
}

async function takeResult(
  { run: { log }, sink, limit }: CopyParts,
  parts: ReadonlyMap<string, PartState>,
  { part, writtenRows, rejects, inDoubt = [] }: PartResult,
): Promise<void> {
  const state = parts.get(partName(part));
  if (state === undefined) {
    throw contractBroken(sink.name, `it gave a result for ${partName(part)}, which was not committed`);
  }
  const outcome = new PartOutcome(sink.name, state);
  for (const range of inDoubt) outcome.addInDoubt(range);
  for await (const some of rejects) for (const reject of some) outcome.addReject(reject);
  outcome.requireAllRows(writtenRows);
  if (state.committed !== undefined) return;
  const { groups, inDoubt: rows } = outcome;
  await log.append({
    kind: 'partCommitted',
    part: state.prepared.part,
    writtenRows,
    rejects: groups,
    inDoubt: rows,
    calls: log.takeCalls(),
  });
  limit.add(groups);
}
