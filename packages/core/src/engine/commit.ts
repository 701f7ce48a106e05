import type { PartResult, PreparedPart } from '../contract/sink.ts';
import { CommitAsking, statesByName } from './commit-asking.ts';
import { mayRetry, type VerdictParts } from './copy-parts.ts';
import { PartOutcome } from './part-outcome.ts';
import { reportRetry } from './plugin-context.ts';
import { contractBroken, fromPlugin } from './plugin-fault.ts';
import { withRetries } from './retry.ts';
import { partName, type PartState } from './run-state.ts';
import { preparedPart } from './staged-parts.ts';
import { writeSides } from './write-sides.ts';

/**
 * Makes prepared parts visible and journals what became of their rows. Repeated while it fails in a way that may pass;
 * results that are in the journal already are passed over.
 */
export async function commitParts(parts: VerdictParts, states: readonly PartState[]): Promise<void> {
  const { run, sink, limit, doubt, signal } = parts;
  const { retry: policy, clock, random } = run;
  const prepared = states.map((state) => preparedPart(parts, state));
  run.log.setUnsure(states, true);
  await withRetries(
    () => fromPlugin(sink.name, signal, () => commitOnce(parts, states, prepared)),
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

async function commitOnce(
  parts: VerdictParts,
  states: readonly PartState[],
  prepared: readonly PreparedPart[],
): Promise<void> {
  const { run, sink, target, sinkSchema } = parts;
  const asking = new CommitAsking(parts, states);
  try {
    await takeResults(parts, states, sink.commit(target, sinkSchema, prepared, asking.context));
  } catch (error) {
    if (asking.isRefusal(error)) run.log.setUnsure(states, false);
    throw error;
  }
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
