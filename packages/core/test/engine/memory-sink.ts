import type { RecordBatch } from 'apache-arrow';

import type { Context } from '../../src/contract/context.ts';
import type { Json } from '../../src/contract/json.ts';
import type { PartId, PartResult, Reject, RowRange, Sink, SinkTraits, WriteOutcome } from '../../src/contract/sink.ts';
import type { LeftBehind } from '../../src/contract/source.ts';
import { SluiceError } from '../../src/error/sluice-error.ts';
import { isSamePart, type MemoryDisk, type StoredRow } from './memory-disk.ts';
import type { Step } from './memory-source.ts';
import { rowsOfBatch, type TestRow } from './row-batches.ts';

export interface MemorySinkOptions {
  readonly disk: MemoryDisk;
  readonly commit?: SinkTraits['commit'];
  readonly writers?: number;
  readonly part?: NonNullable<SinkTraits['part']>;
  /** Says `full` after a batch with which the part has so many rows. */
  readonly fullRows?: number;
  readonly rejectAtWrite?: (row: TestRow) => string | undefined;
  readonly rejectAtCommit?: (row: TestRow) => string | undefined;
  /** Whether a commit asks about its rejects ahead of its effect. Default: where it is one of all parts. */
  readonly asks?: boolean;
  readonly inDoubt?: (part: PartId) => readonly RowRange[];
  readonly config?: Json;
  readonly at?: Step;
  readonly leftBehind?: readonly LeftBehind[];
}

export interface MemorySink extends Sink {
  /** Steps in order, such as `open`, `writer 0/0`, `write 0/0 3`, `prepare 0/0`, `commit 2`, `result 0/0`, `abort 1`, `dispose`. */
  readonly steps: readonly string[];
  /** The batches written, in order. */
  readonly batches: readonly RecordBatch[];
  readonly openWriters: number;
}

interface Message {
  readonly split: number;
  readonly part: number;
  readonly rows: number;
}

/** Rows on a disk in memory: staged part by part, published by the commit. */
export function memorySink(options: MemorySinkOptions): MemorySink {
  const { disk, commit = 'end', writers = 4, part, config = null, at, asks = commit === 'end' } = options;
  const steps: string[] = [];
  const batches: RecordBatch[] = [];
  let openWriters = 0;

  async function step(name: string, ctx?: Context): Promise<void> {
    steps.push(name);
    await at?.(name, ctx);
  }

  return {
    steps,
    batches,
    get openWriters() {
      return openWriters;
    },
    contractVersion: 1,
    name: 'disk',
    config,
    traits: { guarantee: 'idempotent', commit, writers, bufferBytes: 0, ...(part === undefined ? {} : { part }) },
    check: (ctx) => step('check', ctx),
    async open(_schema, { mode }, ctx) {
      await step(`open ${mode}`, ctx);
      disk.update((content) => ({ ...content, targets: 1 }));
      return { v: 1 };
    },
    async writer(_target, _schema, id, ctx, after) {
      const name = `${id.split}/${id.part}`;
      await step(`writer ${name}`, ctx);
      if (writers === 1) startStream(disk, after);
      else unstage(disk, id);
      openWriters++;
      return partWriter(options, { id, name, ctx, step, batches, closed: () => openWriters-- });
    },
    async *commit(_target, _schema, parts, ctx) {
      await step(`commit ${parts.length}`, ctx);
      if (asks) {
        // Nothing is visible yet.
        for (const one of parts) ctx.requireAllowed(one.part, verdictOn(options, messageIn(one.message)).rejects);
      }
      for (const message of parts.map((one) => messageIn(one.message))) {
        await step(`result ${message.split}/${message.part}`, ctx);
        yield publish(options, message);
      }
    },
    async abort(_target, _schema, parts, ctx) {
      await step(`abort ${parts.length}`, ctx);
      disk.update((content) => ({ ...content, staged: [] }));
      return { leftBehind: options.leftBehind ?? [] };
    },
    [Symbol.asyncDispose]: () => step('dispose'),
  };
}

interface Writing {
  readonly id: PartId;
  readonly name: string;
  readonly ctx: Context;
  readonly step: (name: string, ctx?: Context) => Promise<void>;
  readonly batches: RecordBatch[];
  readonly closed: () => void;
}

function partWriter(options: MemorySinkOptions, { id, name, ctx, step, batches, closed }: Writing) {
  const { disk, rejectAtWrite, fullRows = Infinity } = options;
  let partRows = 0;
  disk.update(({ staged, ...content }) => ({ ...content, staged: [...staged, { ...id, rows: [] }] }));
  return {
    async write(batch: RecordBatch): Promise<WriteOutcome> {
      await step(`write ${name} ${batch.numRows}`, ctx);
      batches.push(batch);
      const rejects: Reject[] = [];
      const taken: StoredRow[] = [];
      rowsOfBatch(batch).forEach((value, i) => {
        const row = partRows + i;
        const message = rejectAtWrite?.(value);
        if (message === undefined) taken.push({ row, ...value });
        else rejects.push({ row, code: 'VALUE_INVALID', message, retryable: false, columns: ['text'] });
      });
      partRows += batch.numRows;
      disk.update(({ staged, ...content }) => ({
        ...content,
        staged: staged.map((one) => (isSamePart(one, id) ? { ...one, rows: [...one.rows, ...taken] } : one)),
      }));
      return { rejects, ...(partRows >= fullRows ? { full: true } : {}) };
    },
    async prepare(): Promise<Json> {
      await step(`prepare ${name}`, ctx);
      return { split: id.split, part: id.part, rows: partRows };
    },
    async [Symbol.asyncDispose](): Promise<void> {
      closed();
      await step(`close ${name}`, ctx);
    },
  };
}

/** A single stream goes on behind the part before; what was staged behind that is void. */
function startStream(disk: MemoryDisk, after: Json | undefined): void {
  disk.update(({ staged, ...content }) => {
    if (after === undefined) return { ...content, staged: [] };
    const last = staged.findIndex((part) => isSamePart(part, messageIn(after)));
    if (last < 0) throw new SluiceError('STAGED_DATA_LOST', 'the part before is gone');
    return { ...content, staged: staged.slice(0, last + 1) };
  });
}

function unstage(disk: MemoryDisk, id: PartId): void {
  disk.update(({ staged, ...content }) => ({ ...content, staged: staged.filter((part) => !isSamePart(part, id)) }));
}

/** What is published stays, and a repeated commit says the same of it: what was staged is kept for that. */
function publish(options: MemorySinkOptions, message: Message): PartResult {
  const { disk, inDoubt } = options;
  const { split, part } = message;
  const { rows, rejects } = verdictOn(options, message);
  const doubtful = inDoubt?.({ split, part }) ?? [];
  if (!disk.published.some((one) => isSamePart(one, message))) {
    disk.update((content) => ({ ...content, published: [...content.published, { split, part, rows }] }));
  }
  const doubtfulRows = doubtful.reduce((count, { from, to }) => count + to - from, 0);
  return {
    part: { split, part },
    writtenRows: rows.length - doubtfulRows,
    rejects: onePerPage(rejects),
    inDoubt: doubtful,
  };
}

interface Verdict {
  readonly rows: readonly StoredRow[];
  readonly rejects: readonly Reject[];
}

function verdictOn({ disk, rejectAtCommit }: MemorySinkOptions, message: Message): Verdict {
  const stored = disk.staged.find((one) => isSamePart(one, message));
  if (stored === undefined) throw new SluiceError('STAGED_DATA_LOST', 'a prepared part is gone');
  const rejects: Reject[] = [];
  const rows: StoredRow[] = [];
  for (const row of stored.rows) {
    const reason = rejectAtCommit?.(row);
    if (reason === undefined) rows.push(row);
    else rejects.push({ row: row.row, code: 'REMOTE_REFUSED', message: reason, retryable: false, columns: [] });
  }
  return { rows, rejects };
}

async function* onePerPage(rejects: readonly Reject[]): AsyncGenerator<readonly Reject[]> {
  for (const reject of rejects) yield [reject];
}

function messageIn(message: Json): Message {
  return message as unknown as Message;
}
