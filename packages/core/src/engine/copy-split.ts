import type { ResumePoint } from '../contract/journal.ts';
import type { Json } from '../contract/json.ts';
import type { PartId } from '../contract/sink.ts';
import type { CopyParts } from './copy-parts.ts';
import type { DeliveredRows } from './delivered-rows.ts';
import type { PartsUnderWay } from './parts-under-way.ts';
import { pluginContext, reportRetry } from './plugin-context.ts';
import type { ReadAhead } from './read-ahead.ts';
import { retryDelayMs } from './retry.ts';
import { RowCursor } from './row-cursor.ts';
import { latestOf, partIn, partName, type PartState } from './run-state.ts';
import type { OpenSplit } from './split-queue.ts';
import { openReader } from './split-reader.ts';
import { partScope } from './staged-parts.ts';
import { PartFailure, type PreparedEntry, writePart } from './write-part.ts';

export interface SplitCopy {
  readonly split: OpenSplit;
  /** Under way already; disposed of here. */
  readonly reader: ReadAhead<DeliveredRows>;
  /** Message of the part before the split's first, where parts come in order. */
  readonly after: Json | undefined;
}

/** Copies what is left of a split, part by part, and returns the message of the last part there is. */
export async function copySplit(
  copy: CopyParts,
  underWay: PartsUnderWay,
  { split, reader, after }: SplitCopy,
): Promise<Json | undefined> {
  const { run, sink } = copy;
  const isStream = sink.traits.writers === 1;
  const rows = new SplitRows(copy, split, reader);
  let last = after;
  try {
    for (let part = split.part; !(await rows.isEnd()); part++) {
      const place = await underWay.begin();
      const prepared = await rows.write({ split: split.ordinal, part }, last);
      const state = await recordPart(copy, prepared);
      if (sink.traits.commit === 'end') place[Symbol.dispose]();
      else underWay.settle(state, place);
      // Nothing that is sent again may overtake what comes later.
      if (isStream) await underWay.settled();
      last = isStream ? latestOf(state).prepared.message : undefined;
    }
    await run.log.append({ kind: 'splitDone', split: split.ordinal, rows: rows.row });
    return last;
  } catch (error) {
    // Before the reader is disposed of, which waits for what may never end of itself.
    return copy.fail(error);
  } finally {
    await rows[Symbol.asyncDispose]();
  }
}

/** The rows of a split on their way into parts, each of which may take more than one attempt. */
class SplitRows implements AsyncDisposable {
  readonly #copy: CopyParts;
  readonly #split: OpenSplit;
  #reader: ReadAhead<DeliveredRows>;
  #cursor: RowCursor;
  /** Where the next part begins. */
  #from: ResumePoint;
  row: number;

  constructor(copy: CopyParts, split: OpenSplit, reader: ReadAhead<DeliveredRows>) {
    this.#copy = copy;
    this.#split = split;
    this.#reader = reader;
    this.#from = split.from;
    this.row = split.rows;
    this.#cursor = new RowCursor(reader, copy.mapping, split.from);
  }

  async isEnd(): Promise<boolean> {
    return (await this.#cursor.current()) === undefined;
  }

  async write(part: PartId, after: Json | undefined): Promise<PreparedEntry> {
    const { run, sink, progress, signal } = this.#copy;
    const ctx = pluginContext(run, { plugin: sink.name, side: 'write', memoScope: partScope(part), signal });
    for (let attempt = 1; ; attempt++) {
      const written = await writePart(this.#copy, this.#cursor, { part, startRow: this.row, after, ctx });
      if (!(written instanceof PartFailure)) {
        this.#from = written.to;
        this.row += written.readRows;
        return written;
      }
      progress.setReading(part.split, 0, 0);
      if (this.#copy.keeps !== 'all') await this.#reader[Symbol.asyncDispose]();
      await waitBeforeAnew(this.#copy, written, attempt, partName(part));
      if (this.#copy.keeps !== 'all') this.#readAnew();
      else if (written.readRows > 0) {
        this.#cursor.rewind(this.#from, run.kept.replay(part, this.#copy.sourceSchema, written.readRows));
      }
    }
  }

  #readAnew(): void {
    this.#reader = openReader(this.#copy, { ...this.#split, from: this.#from });
    this.#cursor = new RowCursor(this.#reader, this.#copy.mapping, this.#from);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader[Symbol.asyncDispose]();
  }
}

async function recordPart(copy: CopyParts, prepared: PreparedEntry): Promise<PartState> {
  const { run, sink, limit, progress } = copy;
  const { part } = prepared;
  await run.log.append({ kind: 'partPrepared', ...prepared, calls: run.log.takeCalls() });
  progress.setReading(part.split, 0, 0);
  const state = partIn(run.log.state, part)!;
  limit.addPrepared(state, sink.traits.commit);
  limit.check();
  return state;
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
