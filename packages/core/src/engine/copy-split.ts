import type { Json } from '../contract/json.ts';
import { commitParts } from './commit.ts';
import type { CopyParts } from './copy-parts.ts';
import type { DeliveredRows } from './delivered-rows.ts';
import { pluginContext, reportRetry } from './plugin-context.ts';
import type { ReadAhead } from './read-ahead.ts';
import { retryDelayMs } from './retry.ts';
import { RowCursor } from './row-cursor.ts';
import { partName } from './run-state.ts';
import type { OpenSplit } from './split-queue.ts';
import { openReader } from './split-reader.ts';
import { partScope } from './staged-parts.ts';
import { PartFailure, type PreparedPart, writePart } from './write-part.ts';

export interface SplitCopy {
  readonly split: OpenSplit;
  /** Under way already; disposed of here. */
  readonly reader: ReadAhead<DeliveredRows>;
  /** Message of the part before the split's first, where parts come in order. */
  readonly after: Json | undefined;
}

/** Copies what is left of a split, part by part, and returns the message of the last part there is. */
export async function copySplit(copy: CopyParts, { split, reader, after }: SplitCopy): Promise<Json | undefined> {
  const { run, sink, mapping, progress } = copy;
  let { rows, from } = split;
  let last = after;
  let open = reader;
  try {
    let cursor = new RowCursor(open, mapping, from);
    for (let part = split.part, attempt = 1; ;) {
      const id = { split: split.ordinal, part };
      const ctx = pluginContext(run, {
        plugin: sink.name,
        side: 'write',
        memoScope: partScope(id),
        signal: copy.signal,
      });
      const written = await writePart(copy, cursor, { part: id, startRow: rows, after: last, ctx });
      if (written === undefined) break;
      if (written instanceof PartFailure) {
        progress.setReading(split.ordinal, 0, 0);
        await open[Symbol.asyncDispose]();
        await waitBeforeAnew(copy, written, attempt++, partName(id));
        open = openReader(copy, { ...split, from });
        cursor = new RowCursor(open, mapping, from);
        continue;
      }
      await recordPart(copy, written);
      rows += written.readRows;
      from = written.to;
      last = sink.traits.writers === 1 ? written.message : undefined;
      part++;
      attempt = 1;
    }
    await run.log.append({ kind: 'splitDone', split: split.ordinal, rows });
    return last;
  } catch (error) {
    // Before the reader is disposed of, which waits for what may never end of itself.
    return copy.fail(error);
  } finally {
    await open[Symbol.asyncDispose]();
  }
}

async function recordPart(copy: CopyParts, prepared: PreparedPart): Promise<void> {
  const { run, sink, limit, progress } = copy;
  const { split, part } = prepared.part;
  await run.log.append({ kind: 'partPrepared', ...prepared, calls: run.log.takeCalls() });
  progress.setReading(split, 0, 0);
  limit.add(prepared.rejects);
  limit.check();
  if (sink.traits.commit === 'part') await commitParts(copy, [run.log.state.splits[split]!.parts[part]!]);
}

/** Writing a part anew is bounded like a request that is sent again. */
async function waitBeforeAnew(
  { run, signal }: CopyParts,
  { error }: PartFailure,
  attempt: number,
  name: string,
): Promise<void> {
  const { retry, clock, random } = run;
  const delayMs = retryDelayMs(error, attempt, retry, random);
  if (delayMs === undefined) throw error;
  reportRetry(run)({ what: `write ${name}`, attempt, delayMs, error });
  await clock.sleep(delayMs, signal);
}
