import {
  type Context,
  type JsonObject,
  type PartId,
  type PartResult,
  type PreparedPart,
  type Reject,
  type Row,
  type Sink,
  type SinkTraits,
  SluiceError,
  type WriteMode,
  type Writer,
  type WrittenRow,
} from '@sluice/core';
import type { Field, RecordBatch, Schema } from 'apache-arrow';

import { rowsOf } from '../data/row-cells.ts';
import { RemoteState } from './remote-state.ts';

/** A target in memory. */
export class MemoryTarget {
  readonly remote = new RemoteState();
  /** What everybody sees; undefined while nothing was ever committed. */
  published: readonly Row[] | undefined;
  columnNames: readonly string[] = [];
  /** Rows by run and part. */
  readonly staged = new Map<string, readonly Row[]>();
  /** Runs, or parts of them, that are committed. */
  readonly committed = new Set<string>();
}

export interface MemorySinkOptions {
  /** `end` makes the sink atomic. Default `end`, or `part` where verdicts come late. */
  readonly commit?: SinkTraits['commit'];
  readonly writers?: number;
  readonly part?: SinkTraits['part'];
  /** Tells of refused rows only at their commit, and removes what its writers remember to have staged. */
  readonly late?: true;
  /** Why the target refuses a row. */
  readonly refuse?: (row: Row) => string | undefined;
  /** Whether the target has no place for a column. */
  readonly refuseField?: (field: Field) => boolean;
}

interface Target extends JsonObject {
  readonly version: number;
  readonly run: string;
  readonly mode: WriteMode;
  readonly keys: readonly string[];
  readonly truncateWhenEmpty: boolean;
}

interface Message extends JsonObject {
  readonly version: number;
  readonly split: number;
  readonly part: number;
  readonly retry: number;
  readonly rows: number;
}

interface Verdict {
  readonly part: PartId;
  readonly writtenRows: number;
  readonly rejects: readonly Reject[];
  readonly written?: readonly WrittenRow[];
}

export type MemorySink = Sink<Target, Message>;

/** Writes to a target in memory as a connector writes to a remote one. Passes every check of a sink. */
export function memorySink(target: MemoryTarget, options: MemorySinkOptions = {}): MemorySink {
  const { late, writers = 4, part, refuse = () => undefined, refuseField = () => false } = options;
  const { commit = late === true ? 'part' : 'end' } = options;
  const { remote, staged, committed } = target;
  if (!Number.isSafeInteger(writers) || writers < 1) {
    throw new SluiceError('CONFIG_INVALID', 'memorySink: writers must be a whole number of at least 1');
  }

  async function ask<T>(ctx: Context, what: string, answer: () => T): Promise<T> {
    const account = ctx.account('memory');
    return await ctx.retry(() => account.call(() => remote.request(ctx, answer)), { what, safe: true });
  }

  function put(aim: Target, rows: readonly Row[]): void {
    const there = target.published ?? [];
    const isNew = (row: Row): boolean => !rows.some((other) => aim.keys.every((key) => other[key] === row[key]));
    target.published =
      aim.mode === 'overwrite' ? rows : aim.mode === 'upsert' ? [...there.filter(isNew), ...rows] : [...there, ...rows];
  }

  function publish(aim: Target, schema: Schema, messages: readonly Message[]): void {
    const rows = messages.flatMap((message) => {
      const found = staged.get(keyOf(aim.run, message));
      if (found === undefined) throw new SluiceError('STAGED_DATA_LOST', 'a prepared part is gone');
      return found;
    });
    target.columnNames = schema.fields.map(({ name }) => name);
    take(aim, late === true ? rows.filter((row) => refuse(row) === undefined) : rows);
  }

  function take(aim: Target, rows: readonly Row[]): void {
    if (rows.length > 0 || aim.mode !== 'overwrite' || aim.truncateWhenEmpty) put(aim, rows);
  }

  return {
    contractVersion: 1,
    name: 'memory',
    config: { commit, writers },
    traits: {
      guarantee: commit === 'end' ? 'atomic' : 'idempotent',
      commit,
      writers,
      bufferBytes: 0,
      ...(part === undefined ? {} : { part }),
      ...(late === undefined ? {} : { keepsRows: late }),
    },
    check: (ctx) => ask(ctx, 'check', () => {}),
    async open(schema, { mode, keys = [], truncateWhenEmpty = false }, ctx) {
      const refused = schema.fields.find(refuseField);
      if (refused !== undefined) {
        throw new SluiceError('TYPE_UNSUPPORTED', `column "${refused.name}" has no place`, { hint: 'Leave it out.' });
      }
      if (mode === 'upsert' && keys.length === 0) throw new SluiceError('CONFIG_INVALID', 'upsert needs keys');
      const run = ctx.memo.get('run') ?? `run ${Math.floor(ctx.random() * 2 ** 32)}`;
      if (typeof run !== 'string') throw new SluiceError('POSITION_UNSUPPORTED', 'the memo is of another version');
      await ctx.memo.set('run', run);
      const isThere = await ask(ctx, 'look', () => target.published !== undefined);
      if (mode === 'create' && isThere) throw new SluiceError('TARGET_EXISTS', 'rows are there already');
      return { version: 1, run, mode, keys, truncateWhenEmpty };
    },
    async writer(aim, _schema, id, ctx, after) {
      requireVersion(aim);
      if (after !== undefined) requireVersion(after);
      const key = keyOf(aim.run, id);
      if (late === true) await ctx.memo.set('staged', key);
      return partWriter(key, id, ctx);
    },
    async *commit(aim, schema, parts, ctx) {
      const messages = parts.map(({ message }) => message);
      requireVersion(aim);
      messages.forEach(requireVersion);
      const verdicts: Verdict[] = [];
      for (const one of parts) verdicts.push(await verdictOn(one));
      const name = commit === 'end' ? aim.run : messages.map((message) => keyOf(aim.run, message)).join();
      // What is committed stays, whatever is allowed now.
      if (!committed.has(name)) for (const { part: id, rejects } of verdicts) ctx.requireAllowed(id, rejects);
      await ask(ctx, 'commit', () => {
        if (!committed.has(name)) publish(aim, schema, messages);
        committed.add(name);
        for (const message of messages) staged.delete(keyOf(aim.run, message));
      });
      for (const verdict of verdicts) yield resultOf(verdict);
    },
    async abort(aim, _schema, parts, ctx) {
      requireVersion(aim);
      const remembered = new Set(parts.map(({ memo }) => memo.get('staged')));
      await ask(ctx, 'remove', () => {
        for (const key of staged.keys()) {
          if (late === true ? remembered.has(key) : key.startsWith(`${aim.run}/`)) staged.delete(key);
        }
      });
      const results: PartResult[] = [];
      for (const one of parts) {
        if (one.message !== undefined && isCommitted(aim, one.message)) results.push(resultOf(await verdictOn(one)));
      }
      return { leftBehind: [], results };
    },
    async [Symbol.asyncDispose]() {},
  };

  function isCommitted({ run }: Target, message: Message): boolean {
    return committed.has(commit === 'end' ? run : keyOf(run, message));
  }

  async function verdictOn({ part: id, message, rows }: PreparedPart<Message>): Promise<Verdict> {
    if (late !== true) return { part: id, writtenRows: message.rows, rejects: [] };
    const rejects: Reject[] = [];
    const written: WrittenRow[] = [];
    let row = 0;
    for await (const batch of rows()) {
      for (const one of rowsOf(batch)) {
        const reason = refuse(one);
        if (reason === undefined) written.push({ row, id: `${nameOf(id)}/${row}`, created: true });
        else rejects.push({ row, code: 'VALUE_INVALID', message: reason, retryable: false });
        row++;
      }
    }
    return { part: id, writtenRows: written.length, rejects, written };
  }

  function partWriter(key: string, { split, part, retry = 0 }: PartId, ctx: Context): Writer<Message> {
    const written: Row[] = [];
    let seenRows = 0;
    let isPrepared = false;
    staged.set(key, []);
    return {
      async write(batch: RecordBatch) {
        const rejects: Reject[] = [];
        const taken = rowsOf(batch).filter((row, i) => {
          const message = late === true ? undefined : refuse(row);
          if (message === undefined) return true;
          rejects.push({ row: seenRows + i, code: 'VALUE_INVALID', message, retryable: false });
          return false;
        });
        await ask(ctx, 'write rows', () => {
          remote.requireRoom();
          written.push(...taken);
        });
        seenRows += batch.numRows;
        return { rejects };
      },
      async prepare() {
        await ask(ctx, 'prepare', () => staged.set(key, written));
        isPrepared = true;
        return { version: 1, split, part, retry, rows: written.length };
      },
      async [Symbol.asyncDispose]() {
        if (!isPrepared) staged.delete(key);
      },
    };
  }
}

function resultOf({ written, rejects, ...verdict }: Verdict): PartResult {
  return {
    ...verdict,
    rejects: pageOf(rejects),
    ...(written === undefined ? {} : { written: pageOf(written) }),
  };
}

function keyOf(run: string, part: PartId): string {
  return `${run}/${nameOf(part)}`;
}

function nameOf({ split, part, retry = 0 }: PartId): string {
  return retry === 0 ? `${split}/${part}` : `${split}/${part}/${retry}`;
}

async function* pageOf<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  if (items.length > 0) yield items;
}

function requireVersion({ version }: { readonly version: number }): void {
  if (version === 1) return;
  throw new SluiceError('POSITION_UNSUPPORTED', 'this was written by another version', { hint: 'Start a new run.' });
}
