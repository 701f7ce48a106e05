import type { PartId, RowRange } from '../contract/sink.ts';
import { checkJson } from '../json/json-check.ts';
import { lettingGo } from './clean-up.ts';
import { type CopyParts, mayRetry } from './copy-parts.ts';
import { givenRows } from './given-rows.ts';
import { pluginContext, reportRetry } from './plugin-context.ts';
import { contractBroken, fromPlugin } from './plugin-fault.ts';
import { groupOf, RejectGroups } from './reject-groups.ts';
import { withRetries } from './retry.ts';
import { countRanges, otherRanges, rangesOf } from './row-ranges.ts';
import { partName, type PartState } from './run-state.ts';
import { partScope } from './staged-parts.ts';
import { UnseenRows } from './unseen-rows.ts';
import { forEachRefused, type PreparedEntry } from './write-part.ts';

/** Writes rows of a part that go again, as a part of their own, and prepares it. */
export async function writeRetry(copy: CopyParts, state: PartState, rows: readonly RowRange[]): Promise<void> {
  const { run, sink, signal } = copy;
  const { split, part, retry = 0 } = state.prepared.part;
  const id: PartId = { split, part, retry: retry + 1 };
  const entry = await withRetries(
    () => fromPlugin(sink.name, signal, () => writeRows(copy, state, id, rows)),
    { what: `write ${partName(id)}`, safe: true },
    { policy: run.retry, clock: run.clock, random: run.random, onRetry: reportRetry(run) },
    signal,
  );
  await run.log.append({ kind: 'partPrepared', ...entry, calls: run.log.takeCalls() });
}

async function writeRows(
  copy: CopyParts,
  state: PartState,
  id: PartId,
  rows: readonly RowRange[],
): Promise<PreparedEntry> {
  const { run, sink, target, sinkSchema, sides, signal } = copy;
  const { prepared, startRow } = state;
  const ctx = pluginContext(run, { plugin: sink.name, side: 'write', memoScope: partScope(id), signal });
  const unseen = new UnseenRows(otherRanges(rows, prepared.readRows));
  const rejects = new RejectGroups();
  const [refused, again]: [number[], number[]] = [[], []];
  const retries = mayRetry(copy, id);
  const after = sink.traits.writers === 1 ? prepared.message : undefined;
  const writer = await sink.writer(target, sinkSchema, id, ctx, after);
  try {
    await using keeper = sides.rejected === undefined ? undefined : await run.kept.writer(id);
    let given = 0;
    for await (const batch of givenRows(copy, state, rows)) {
      const outcome = await writer.write(batch);
      forEachRefused(sink, outcome, given, given + batch.numRows, (reject) => {
        const row = unseen.readRow(reject.row);
        if (retries && reject.retryable) {
          again.push(row);
          return;
        }
        const { code, message, columns = [] } = reject;
        rejects.add(groupOf('write', reject, { split: id.split, row: startRow + row }));
        refused.push(row);
        keeper?.refuse({ row, code, message, columns });
      });
      given += batch.numRows;
      if (outcome.full === true && given < countRanges(rows)) {
        throw contractBroken(
          sink.name,
          `a writer is full with ${given} rows of ${partName(id)}, of which it had more before`,
        );
      }
    }
    const message = await writer.prepare();
    checkJson(message, `the message of ${partName(id)} from ${sink.name}`);
    await keeper?.end();
    return {
      ...entryOf(prepared),
      part: id,
      message,
      preparedRows: countRanges(rows) - rejects.rows - again.length,
      batchBytes: 0,
      changes: [],
      rejects: rejects.values(),
      unseen: unseen.ranges,
      refused: rangesOf(refused),
      retry: rangesOf(again),
    };
  } finally {
    await lettingGo(sink.name, run.logger, () => writer[Symbol.asyncDispose]());
  }
}

/** What a retry has of the part it belongs to: the same rows of the source, of which fewer are seen. */
function entryOf({ from, to, readRows, digest }: PartState['prepared']) {
  return { from, to, readRows, digest };
}
