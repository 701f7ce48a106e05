import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { SluiceError, type StagedWrite, type Store } from '@sluice/core';
import { parquet } from '@sluice/formats/parquet';
import { localStore } from '@sluice/stores';
import { describe, expect, it } from 'vitest';

import { files } from '../src/files/files-sink.ts';
import { altered, failureOf, kept, lines, rowsOf, schema, tempFolder, testRun } from './files-run.ts';
import { numbersIn, range } from './parquet-rows.ts';
import { testContext } from './test-context.ts';

const part = (split: number, n: number): { split: number; part: number } => ({ split, part: n });

describe('a folder of files', () => {
  it('has one file per part, named by split and part, visible with the commit', async () => {
    await using folder = await tempFolder();
    const run = testRun(folder, { path: 'out/' });
    await run.open();

    // Parts of different splits are written side by side.
    const [c, a, b] = await Promise.all([
      run.stage(part(12, 0), [30, 40]),
      run.stage(part(0, 0), [0, 20]),
      run.stage(part(0, 1), [20, 30]),
    ]);
    const before = await folder.published();
    const results = await run.commit([a, b, c]);

    expect(before).toEqual({});
    expect(results.map(({ part: { split, part: n }, writtenRows }) => [split, n, writtenRows])).toEqual([
      [0, 0, 20],
      [0, 1, 10],
      [12, 0, 10],
    ]);
    const found = await folder.published();
    expect(Object.keys(found)).toEqual([
      'out/part-00000-0000.parquet',
      'out/part-00000-0001.parquet',
      'out/part-00012-0000.parquet',
    ]);
    expect(await Promise.all(Object.values(found).map(numbersIn))).toEqual([
      range(0, 20),
      range(20, 30),
      range(30, 40),
    ]);
    expect(await folder.names()).toHaveLength(3);
  });

  it('has the same names and bytes on every run', async () => {
    const found: Record<string, Buffer>[] = [];
    for (const interrupt of [false, true]) {
      await using folder = await tempFolder();
      const run = testRun(folder, { path: 'out/' });
      await run.open();
      if (interrupt) await run.abandon(part(0, 0), [0, 50]);
      await run.commit([await run.stage(part(0, 0), [0, 20]), await run.stage(part(1, 0), [20, 30])]);
      found.push(await folder.published());
    }

    expect(found[1]).toEqual(found[0]);
  });

  it('is completed by a commit repeated after it stopped between files', async () => {
    await using folder = await tempFolder();
    const run = testRun(folder, { path: 'out/' });
    await run.open();
    const messages = [await run.stage(part(0, 0), [0, 20]), await run.stage(part(1, 0), [20, 30])];
    const stopping = altered(localStore(folder.path), {
      publish: async (tokens, ctx) => {
        await localStore(folder.path).publish(tokens.slice(0, 1), ctx);
        throw new Error('the process dies here');
      },
    });
    const died = await failureOf(run.commit(messages, { store: stopping }));
    const partial = Object.keys(await folder.published());

    const first = await run.commit(messages);
    const second = await run.commit(messages, { ctx: testContext() });

    expect(died).toMatchObject({ message: 'the process dies here' });
    expect(partial).toEqual(['out/part-00000-0000.parquet']);
    expect(second).toEqual(first);
    expect(await folder.names()).toEqual(['out/part-00000-0000.parquet', 'out/part-00001-0000.parquet']);
  });

  it('has one file with the schema when there is no row', async () => {
    await using folder = await tempFolder();
    const run = testRun(folder, { path: 'out/' });
    await run.open();

    await run.commit([]);
    await run.commit([], { ctx: testContext() });

    const found = await folder.published();
    expect(Object.keys(found)).toEqual(['out/part-00000-0000.parquet']);
    expect(await numbersIn(found['out/part-00000-0000.parquet']!)).toEqual([]);
  });

  it('keeps to create, overwrite and append', async () => {
    await using folder = await tempFolder();
    await mkdir(join(folder.path, 'out'));
    await writeFile(join(folder.path, 'out/theirs.csv'), 'x');

    const created = await failureOf(testRun(folder, { path: 'out/' }).open());
    const upserted = await failureOf(testRun(folder, { path: 'out/' }).open({ mode: 'upsert' }));

    expect(created).toMatchObject({ code: 'TARGET_EXISTS', message: expect.stringContaining('out/') });
    expect(upserted).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(await folder.names()).toEqual(['out/theirs.csv']);
  });

  it('loses its old files to an overwrite only after the new ones are there', async () => {
    await using folder = await tempFolder();
    const before = testRun(folder, { path: 'out/', format: lines() });
    await before.open();
    await before.commit([await before.stage(part(0, 0), [0, 1]), await before.stage(part(1, 0), [1, 2])]);
    const old = await folder.names();
    const run = testRun(folder, { path: 'out/', format: lines() });
    await run.open({ mode: 'overwrite' });
    const message = await run.stage(part(0, 0), [7, 8]);
    const staged = Object.keys(await folder.published());
    const stopping = altered(localStore(folder.path), {
      remove: () => Promise.reject(new Error('the process dies here')),
    });
    await failureOf(run.commit([message], { store: stopping }));
    const between = await folder.published();

    await run.commit([message]);
    await run.commit([message]);

    expect(staged).toEqual(old);
    expect(Object.entries(between).map(([name, bytes]) => [name, String(bytes)])).toEqual([
      ['out/part-00000-0000.txt', 'n\n7\n'],
      ['out/part-00001-0000.txt', 'n\n1\n'],
    ]);
    expect(await folder.names()).toEqual(['out/part-00000-0000.txt']);
  });

  it.each([
    [undefined, ['out/old/a.txt', 'out/theirs.txt']],
    [true, ['out/part-00000-0000.parquet']],
  ])('overwritten without a row and truncateWhenEmpty %j has %j', async (truncateWhenEmpty, expected) => {
    await using folder = await tempFolder();
    await mkdir(join(folder.path, 'out/old'), { recursive: true });
    await writeFile(join(folder.path, 'out/old/a.txt'), 'x');
    await writeFile(join(folder.path, 'out/theirs.txt'), 'x');
    const run = testRun(folder, { path: 'out/' });
    await run.open({ mode: 'overwrite', ...(truncateWhenEmpty === undefined ? {} : { truncateWhenEmpty }) });

    await run.commit([]);
    await run.commit([], { ctx: testContext() });

    expect(await folder.names()).toEqual(expected);
  });

  it('is appended to under the next run number, which sorts behind', async () => {
    await using folder = await tempFolder();
    for (const rows of [
      [0, 1],
      [1, 2],
      [2, 3],
    ] as const) {
      const run = testRun(folder, { path: 'out/', format: lines() });
      await run.open({ mode: 'append' });
      const message = await run.stage(part(0, 0), rows);
      await run.commit([message]);
      await run.commit([message]);
    }
    const empty = testRun(folder, { path: 'out/', format: lines() });
    await empty.open({ mode: 'append' });
    await empty.commit([]);

    const found = Object.entries(await folder.published()).map(([name, bytes]) => [name, String(bytes)]);

    expect(found).toEqual([
      ['out/part-00000-0000.txt', 'n\n0\n'],
      ['out/run-00001-part-00000-0000.txt', 'n\n1\n'],
      ['out/run-00002-part-00000-0000.txt', 'n\n2\n'],
    ]);
  });

  it('is left by an abort as it was, parts under way in dead processes included', async () => {
    await using folder = await tempFolder();
    const run = testRun(folder, { path: 'out/' });
    await run.open();
    const message = await run.stage(part(0, 0), [0, 20]);
    await run.abandon(part(0, 1), [20, 30]);
    await run.abandon(part(5, 0), [30, 40]);

    const outcomes = [await run.abort([message]), await run.abort([])];

    expect(outcomes).toEqual([
      { leftBehind: [], results: [] },
      { leftBehind: [], results: [] },
    ]);
    expect(await folder.names()).toEqual([]);
  });

  it.each(['create', 'overwrite'] as const)(
    'keeps the files that a commit had published when it stopped, and says so: %s',
    async (mode) => {
      await using folder = await tempFolder();
      const local = localStore(folder.path);
      if (mode === 'overwrite') {
        const before = testRun(folder, { path: 'out/', format: lines() });
        await before.open();
        await before.commit([await before.stage(part(0, 0), [0, 2]), await before.stage(part(1, 0), [0, 3])]);
      }
      const run = testRun(folder, { path: 'out/', format: lines() });
      await run.open({ mode });
      const messages = await Promise.all([0, 1, 2].map((split) => run.stage(part(split, 0), [split, split + 1])));
      const stopping = altered(local, {
        publish: async (tokens, ctx) => {
          await local.publish(tokens.slice(0, 1), ctx);
          throw new Error('the process dies here');
        },
      });
      await failureOf(run.commit(messages, { store: stopping }));

      const { leftBehind, results = [] } = await run.abort(messages);

      expect(leftBehind).toMatchObject([{ kind: 'published file', id: 'out/part-00000-0000.txt' }]);
      const [written, inDoubt] = mode === 'create' ? [1, []] : [0, [{ from: 0, to: 1 }]];
      expect(results.map((result) => [result.part, result.writtenRows, result.inDoubt ?? []])).toEqual([
        [{ split: 0, part: 0 }, written, inDoubt],
      ]);
    },
  );

  it('leaves committed files to an abort, and staged files of other runs', async () => {
    await using folder = await tempFolder();
    const run = testRun(folder, { path: 'out/' });
    await run.open();
    const message = await run.stage(part(0, 0), [0, 20]);
    await run.commit([message]);
    const store = localStore(folder.path);
    await using other = await store.stage('out/other', { onExisting: 'create', stagingId: 'other' }, testContext());
    await other.write(Buffer.from('x'));

    await run.abort([message]);

    expect(await folder.names()).toHaveLength(2);
  });
});

describe('a files writer', () => {
  const open = async (store: Store): Promise<{ sink: ReturnType<typeof files>; target: never }> => {
    const sink = files({ store, path: 'out/', format: lines() });
    return { sink, target: kept(await sink.open(schema, { mode: 'create' }, testContext())) as never };
  };

  it('discards a part that is disposed of without prepare', async () => {
    await using folder = await tempFolder();
    const { sink, target } = await open(localStore(folder.path));

    {
      await using writer = await sink.writer(target, schema, part(0, 0), testContext());
      await writer.write(rowsOf(0, 10));
    }

    expect(await folder.names()).toEqual([]);
  });

  it('takes no more before the store has taken all', async () => {
    await using folder = await tempFolder();
    const waiting: (() => void)[] = [];
    let written = 0;
    const slow = altered(localStore(folder.path), {
      stage: async (): Promise<StagedWrite> => ({
        write: () => {
          written++;
          return new Promise((resolve) => waiting.push(resolve));
        },
        prepare: async () => ({}),
        async [Symbol.asyncDispose]() {},
      }),
    });
    const { sink, target } = await open(slow);
    await using writer = await sink.writer(target, schema, part(0, 0), testContext());
    let settled = false;

    const write = writer.write(rowsOf(0, 2)).then(() => (settled = true));
    const seen: [number, boolean][] = [];
    for (let taken = 0; taken < 3; taken++) {
      await new Promise(setImmediate);
      seen.push([written, settled]);
      waiting.shift()!();
    }
    await write;

    // The head and two lines, one at a time.
    expect(seen).toEqual([
      [1, false],
      [2, false],
      [3, false],
    ]);
  });

  it('passes on that the disk is full, and leaves nothing after an abort', async () => {
    await using folder = await tempFolder();
    const local = localStore(folder.path);
    const full = altered(local, {
      stage: async (path, options, ctx) => {
        const staged = await local.stage(path, options, ctx);
        let bytes = 0;
        return {
          ...staged,
          write: async (piece) => {
            bytes += piece.length;
            if (bytes > 20) throw new SluiceError('STORAGE_FULL', `cannot write ${path}: the disk is full`);
            await staged.write(piece);
          },
        };
      },
    });
    const { sink, target } = await open(full);
    const failure = await failureOf(
      (async () => {
        await using writer = await sink.writer(target, schema, part(0, 0), testContext());
        await writer.write(rowsOf(0, 30));
      })(),
    );

    const { leftBehind } = await sink.abort(target, schema, [], testContext());

    expect(failure).toMatchObject({ code: 'STORAGE_FULL' });
    expect(leftBehind).toEqual([]);
    expect(await folder.names()).toEqual([]);
  });

  it('stops when the run is cancelled', async () => {
    await using folder = await tempFolder();
    const { sink, target } = await open(localStore(folder.path));
    const controller = new AbortController();
    const reason = new Error('cancelled');
    await using writer = await sink.writer(target, schema, part(0, 0), testContext({ signal: controller.signal }));

    controller.abort(reason);

    expect(await failureOf(writer.write(rowsOf(0, 1)))).toBe(reason);
  });
});

describe('files options', () => {
  it('say what the engine must know', async () => {
    await using folder = await tempFolder();
    const store = localStore(folder.path);
    const format = parquet();

    const many = files({ store, path: 'out/', format, partRows: 100, partBytes: 5000 });
    const one = files({ store, path: 'out.parquet', format });

    expect(many.traits).toMatchObject({ guarantee: 'idempotent', commit: 'end', part: { rows: 100, bytes: 5000 } });
    expect(many.traits.writers).toBeGreaterThan(1);
    expect(one.traits).toEqual({ guarantee: 'atomic', commit: 'end', writers: 1, bufferBytes: format.bufferBytes });
    expect(kept(many.config)).toEqual(many.config);
  });

  it('are refused when they make no sense', async () => {
    await using folder = await tempFolder();
    const store = localStore(folder.path);
    const refused = expect.objectContaining({ code: 'CONFIG_INVALID' }) as Error;

    expect(() => files({ store, path: '', format: lines() })).toThrow(refused);
    expect(() => files({ store, path: 'x/', format: lines(), partRows: 0 })).toThrow(refused);
    expect(await failureOf(testRun(folder, { path: '../out/' }).open())).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('refuse state of another version', async () => {
    await using folder = await tempFolder();
    const sink = files({ store: localStore(folder.path), path: 'out/', format: lines() });
    const target = await sink.open(schema, { mode: 'create' }, testContext());
    const later = { ...target, version: 2 } as never;

    expect(await failureOf(sink.writer(later, schema, part(0, 0), testContext()))).toMatchObject({
      code: 'POSITION_UNSUPPORTED',
    });
  });
});
