import type { CommitContext, PartResult } from '../contract/sink.ts';
import { mayRetry, type VerdictParts } from './copy-parts.ts';
import { PartOutcome } from './part-outcome.ts';
import { pluginContext, reportRetry } from './plugin-context.ts';
import { contractBroken, fromPlugin } from './plugin-fault.ts';
import { groupOf, RejectGroups } from './reject-groups.ts';
import { withRetries } from './retry.ts';
import { partName, type PartState } from './run-state.ts';
import { preparedPart, SINK_SCOPE } from './staged-parts.ts';
import { UnseenRows } from './unseen-rows.ts';
import { writeSides } from './write-sides.ts';

/**
 * Makes prepared parts visible and journals what became of their rows. Repeated while it fails in a way that may pass;
 * results that are in the journal already are passed over.
 */
export async function commitParts(parts: VerdictParts, states: readonly PartState[]): Promise<void> {
  const { run, sink, target, sinkSchema, limit, doubt, signal } = parts;
  const { retry: policy, clock, random } = run;
  const prepared = states.map((state) => preparedPart(parts, state));
  run.log.setUnsure(states, true);
  await withRetries(
    () =>
      fromPlugin(sink.name, signal, () =>
        takeResults(parts, states, sink.commit(target, sinkSchema, prepared, commitContext(parts, states))),
      ),
    {
      what: `commit ${states.length === 1 ? partName(states[0]!.prepared.part) : `${states.length} parts`}`,
      safe: true,
    },
    { policy, clock, random, onRetry: reportRetry(run) },
    signal,
  );
  for (const {
    committed,
    prepared: { part },
  } of states) {
    if (committed === undefined) throw contractBroken(sink.name, `it committed without a result for ${partName(part)}`);
  }
  limit.check();
  doubt.check();
}

/** Of one attempt, which asks anew about all that it rejects. */
function commitContext(parts: VerdictParts, states: readonly PartState[]): CommitContext {
  const { run, sink, limit, signal } = parts;
  const byName = statesByName(states);
  const asked = new RejectGroups();
  const unseen = new Map<PartState, UnseenRows>();
  return {
    ...pluginContext(run, { plugin: sink.name, side: 'write', memoScope: SINK_SCOPE, signal }),
    requireAllowed(part, rejects) {
      const state = byName.get(partName(part));
      if (state === undefined) {
        throw contractBroken(sink.name, `it rejects rows of ${partName(part)}, which was not committed`);
      }
      // What is in the journal is counted already.
      if (state.committed !== undefined) return;
      const seen = unseen.get(state) ?? new UnseenRows(state.prepared.unseen);
      unseen.set(state, seen);
      const retries = mayRetry(parts, part);
      for (const reject of rejects) {
        if (reject.retryable && retries) continue;
        const place = { split: part.split, row: state.startRow + seen.readRow(reject.row) };
        asked.add(groupOf('commit', reject, place));
      }
      try {
        limit.checkCommit(asked, states, sink.traits.commit);
      } catch (error) {
        // Whoever asks has made nothing visible yet.
        run.log.setUnsure(states, false);
        throw error;
      }
    },
  };
}

function statesByName(states: readonly PartState[]): ReadonlyMap<string, PartState> {
  return new Map(states.map((state) => [partName(state.prepared.part), state]));
}

/** Journals what a sink says of parts, once for each. */
export async function takeResults(
  parts: VerdictParts,
  states: readonly PartState[],
  results: AsyncIterable<PartResult> | Iterable<PartResult>,
): Promise<void> {
  const byName = statesByName(states);
  for await (const result of results) {
    const state = byName.get(partName(result.part));
    if (state === undefined) {
      throw contractBroken(parts.sink.name, `it gave a result for ${partName(result.part)}, which was not committed`);
    }
    await takeResult(parts, state, result);
  }
}

async function takeResult(parts: VerdictParts, state: PartState, result: PartResult): Promise<void> {
  const { sink, sides, limit, doubt, run } = parts;
  const { part } = state.prepared;
  const isNew = state.committed === undefined;
  const outcome = await PartOutcome.of(state, result, {
    sink: sink.name,
    retries: mayRetry(parts, part),
    wantsRejects: isNew && sides.rejected !== undefined,
    wantsWritten: isNew && sides.written !== undefined,
  });
  if (!isNew) return;
  await writeSides(parts, state, outcome);
  const { groups: rejects, inDoubt, retry } = outcome;
  const { writtenRows } = result;
  await run.log.append({
    kind: 'partCommitted',
    part,
    writtenRows,
    rejects,
    inDoubt,
    retry,
    calls: run.log.takeCalls(),
  });
  limit.addCommitted(state, sink.traits.commit);
  doubt.addCommitted(state);
}
