import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type {
  AbortOutcome,
  Context,
  Format,
  Intent,
  Json,
  PartId,
  PartResult,
  PreparedPart,
  Sink,
  Store,
  Writer,
} from '@sluice/core';
import { parquet } from '@sluice/formats/parquet';
import { localStore } from '@sluice/stores';
import { Field, Int32, makeData, RecordBatch, Schema, Struct, Utf8 } from 'apache-arrow';

import { files, type FilesOptions } from '../src/files/files-sink.ts';
import { testContext } from './test-context.ts';

export const schema = new Schema([new Field('n', new Int32(), true), new Field('name', new Utf8(), true)]);

/** Rows `from` to `to`, the second left out. */
export function rowsOf(from: number, to: number): RecordBatch {
  const length = to - from;
  const names = Array.from({ length }, (_, i) => Buffer.from(`row ${from + i}`));
  const valueOffsets = new Int32Array(length + 1);
  names.forEach((name, i) => (valueOffsets[i + 1] = valueOffsets[i]! + name.length));
  return new RecordBatch(
    schema,
    makeData({
      type: new Struct(schema.fields),
      length,
      children: [
        makeData({ type: new Int32(), length, data: Int32Array.from({ length }, (_, i) => from + i) }),
        makeData({ type: new Utf8(), length, data: Buffer.concat(names), valueOffsets }),
      ],
    }),
  );
}

/** Lines of text with a head and no epilogue, to stand for formats that end when they end. */
export function lines(): Format {
  return {
    contractVersion: 1,
    name: 'lines',
    extension: '.txt',
    config: {},
    bufferBytes: 1024,
    encode: () => ({
      prologue: () => Buffer.from('n\n'),
      segment: () => ({
        write: (batch) =>
          Array.from({ length: batch.numRows }, (_, i) => Buffer.from(`${batch.getChildAt(0)?.get(i)}\n`)),
        end: () => ({ bytes: [], summary: null }),
      }),
      epilogue: () => new Uint8Array(0),
    }),
  };
}

export interface TempFolder extends AsyncDisposable {
  readonly path: string;
  /** Bytes of the files nobody has to know the run for. */
  published(): Promise<Record<string, Buffer>>;
  /** Every name, hidden ones too. */
  names(): Promise<readonly string[]>;
  /** Writers of processes that died in the test. They are closed at its end, since this process lives on. */
  readonly abandoned: Writer[];
}

export async function tempFolder(): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), 'sluice-files-'));
  await chmod(path, 0o755);
  const names = async (): Promise<readonly string[]> => {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
      .sort();
  };
  const abandoned: Writer[] = [];
  return {
    path,
    names,
    abandoned,
    async published() {
      const found: Record<string, Buffer> = {};
      for (const name of await names()) if (!name.includes('.sluice-')) found[name] = await readFile(join(path, name));
      return found;
    },
    async [Symbol.asyncDispose]() {
      for (const writer of abandoned) await writer[Symbol.asyncDispose]();
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** Through JSON, as everything goes that a run keeps. */
export function kept<T extends Json>(value: T): T {
  // What comes back is what went in.
  return JSON.parse(JSON.stringify(value)) as T;
}

/**
 * A run as the engine drives it, except that any step can be left out or repeated: every step happens on an instance of
 * its own, as after a crash, and only the memo, the target and the messages survive.
 */
export interface TestRun {
  readonly ctx: Context;
  open(intent?: Partial<Intent>): Promise<Json>;
  /** Stages a part, in batches of the given sizes. */
  stage(part: PartId, rows: readonly [number, number], after?: Json): Promise<Json>;
  /** A part that is written and then abandoned, neither prepared nor disposed of. */
  abandon(part: PartId, rows: readonly [number, number], after?: Json): Promise<void>;
  commit(
    messages: readonly Json[],
    other?: { readonly ctx?: Context; readonly store?: Store },
  ): Promise<readonly Omit<PartResult, 'rejects'>[]>;
  abort(messages: readonly Json[]): Promise<AbortOutcome>;
}

export function testRun(folder: TempFolder, options: Partial<FilesOptions> & { readonly path: string }): TestRun {
  const ctx = testContext();
  let target: Json;
  const fresh = (store?: Store): Sink => {
    // The engine sees targets and messages as JSON, whatever a sink makes of them.
    return files({
      store: localStore(folder.path),
      format: parquet(),
      ...options,
      ...(store === undefined ? {} : { store }),
    });
  };
  const write = async (part: PartId, [from, to]: readonly [number, number], after?: Json): Promise<Writer> => {
    const writer = await fresh().writer(kept(target), schema, part, ctx, after);
    for (let at = from; at < to; at += 7) await writer.write(rowsOf(at, Math.min(at + 7, to)));
    return writer;
  };
  return {
    ctx,
    async open(intent) {
      target = kept(await fresh().open(schema, { mode: 'create', ...intent }, ctx));
      return target;
    },
    async stage(part, rows, after) {
      await using writer = await write(part, rows, after);
      return kept(await writer.prepare());
    },
    async abandon(part, rows, after) {
      folder.abandoned.push(await write(part, rows, after));
    },
    async commit(messages, other = {}) {
      const results: Omit<PartResult, 'rejects'>[] = [];
      const sink = fresh(other.store);
      const committed = sink.commit(kept(target), schema, messages.map(preparedPart), {
        ...(other.ctx ?? ctx),
        requireAllowed() {},
      });
      for await (const { rejects, ...result } of committed) {
        for await (const batch of rejects) if (batch.length > 0) throw new Error('files reject nothing');
        results.push(result);
      }
      return results;
    },
    abort: (messages) => fresh().abort(kept(target), schema, messages.map(preparedPart), ctx),
  };
}

/** As a journal has it. Files are written without looking at the rest of a part. */
function preparedPart(message: Json): PreparedPart {
  return {
    part: { split: 0, part: 0 },
    message: kept(message),
    memo: testContext().memo,
    rows() {
      throw new Error('files do not ask for rows again');
    },
  };
}

/** The store, with some of its methods replaced. */
export function altered(store: Store, methods: Partial<Store>): Store {
  return { ...store, ...methods };
}

export function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (value) => ({ resolvedWith: value }),
    (error: unknown) => error,
  );
}

export function firstOf(files: Record<string, Buffer>): Buffer {
  return Object.values(files)[0] ?? Buffer.alloc(0);
}
