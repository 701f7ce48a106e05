import { link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Json } from '@sluice/core';
import { parquet } from '@sluice/formats/parquet';
import { localStore } from '@sluice/stores';
import { describe, expect, it } from 'vitest';

import { files } from '../src/files/files-sink.ts';
import { altered, failureOf, firstOf, lines, tempFolder, testRun } from './files-run.ts';
import { numbersIn, range } from './parquet-rows.ts';
import { testContext } from './test-context.ts';

const PARTS = [
  [0, 20],
  [20, 21],
  [21, 60],
  [60, 61],
] as const;
const format = parquet({ rowGroupRows: 8 });
const part = (n: number): { split: number; part: number } => ({ split: n, part: 0 });

/** Stages all parts in order, each behind the one before. */
async function stageAll(run: ReturnType<typeof testRun>, from = 0, messages: Json[] = []): Promise<Json[]> {
  const all = messages.slice(0, from);
  for (let n = from; n < PARTS.length; n++) all.push(await run.stage(part(n), PARTS[n]!, all.at(-1)));
  return all;
}

async function undisturbed(): Promise<Buffer> {
  await using folder = await tempFolder();
  const run = testRun(folder, { path: 'data.parquet', format });
  await run.open();
  await run.commit(await stageAll(run));
  return firstOf(await folder.published());
}

describe('one file', () => {
  it('is refused by the check where it cannot be written, before the source is asked for anything', async () => {
    await using folder = await tempFolder();
    await mkdir(join(folder.path, 'data.parquet'));
    await writeFile(join(folder.path, 'file'), 'x');
    const check = (path: string): Promise<unknown> =>
      failureOf(files({ store: localStore(folder.path), path, format }).check(testContext()));

    const refused = await Promise.all(['data.parquet', 'file/data.parquet', 'file/'].map(check));

    expect(refused).toMatchObject(refused.map(() => ({ code: 'TARGET_UNWRITABLE' })));
    expect(await check('new/data.parquet')).toEqual({ resolvedWith: undefined });
  });

  it('appears whole with the commit and not before', async () => {
    await using folder = await tempFolder();
    const run = testRun(folder, { path: 'out/data.parquet', format });
    await run.open();

    const messages = await stageAll(run);
    const before = await folder.published();
    const results = await run.commit(messages);

    expect(before).toEqual({});
    expect(results).toEqual(PARTS.map(([from, to], n) => ({ part: part(n), writtenRows: to - from })));
    expect(await folder.names()).toEqual(['out/data.parquet']);
    expect(await numbersIn(firstOf(await folder.published()))).toEqual(range(0, 61));
  });

  it('is the same bytes when any part was interrupted and staged again on a fresh instance', async () => {
    const expected = await undisturbed();
    for (let n = 0; n < PARTS.length; n++) {
      await using folder = await tempFolder();
      const run = testRun(folder, { path: 'data.parquet', format });
      await run.open();
      const messages: Json[] = [];
      for (let before = 0; before < n; before++)
        messages.push(await run.stage(part(before), PARTS[before]!, messages.at(-1)));

      await run.abandon(part(n), [0, 40], messages.at(-1));
      const all = await stageAll(run, n, messages);
      await run.commit(all);

      expect((await folder.published())['data.parquet']!.equals(expected)).toBe(true);
    }
  });

  it('is the same bytes when parts behind an earlier one are void', async () => {
    const expected = await undisturbed();
    for (let n = 0; n < PARTS.length; n++) {
      await using folder = await tempFolder();
      const run = testRun(folder, { path: 'data.parquet', format });
      await run.open();
      const first = await stageAll(run);

      const all = await stageAll(run, n, first);
      await run.commit(all);

      expect((await folder.published())['data.parquet']!.equals(expected)).toBe(true);
    }
  });

  it('holds no trace of the run', async () => {
    await using folder = await tempFolder();
    const run = testRun(folder, { path: 'data.parquet', format });
    const target = await run.open();

    await run.commit(await stageAll(run));

    const { stagingId } = target as { stagingId: string };
    expect(firstOf(await folder.published()).includes(stagingId)).toBe(false);
    expect(stagingId).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ['with its memo', false],
    ['without its memo', true],
  ])('is committed once when the commit is repeated %s', async (_, isMemoLost) => {
    await using folder = await tempFolder();
    const run = testRun(folder, { path: 'data.parquet', format });
    await run.open();
    const messages = await stageAll(run);
    const results = await run.commit(messages);
    const once = await folder.published();

    const again = await run.commit(messages, isMemoLost ? { ctx: testContext() } : {});

    expect(again).toEqual(results);
    expect(await folder.published()).toEqual(once);
    expect(await folder.names()).toEqual(['data.parquet']);
  });

  it.each([
    ['before the name was given', false, false],
    ['before the name was given, memo lost', false, true],
    ['between two names', true, false],
    ['between two names, memo lost', true, true],
  ])('is committed by a repeat after a commit that stopped %s', async (_, isLinked, isMemoLost) => {
    const expected = await undisturbed();
    await using folder = await tempFolder();
    const stopping = altered(localStore(folder.path), {
      publish: async () => {
        const [staged] = await folder.names();
        if (isLinked) await link(join(folder.path, staged!), join(folder.path, 'data.parquet'));
        throw new Error('the process dies here');
      },
    });
    const run = testRun(folder, { path: 'data.parquet', format });
    await run.open();
    const messages = await stageAll(run);
    const died = await failureOf(run.commit(messages, { store: stopping }));

    const results = await run.commit(messages, isMemoLost ? { ctx: testContext() } : {});

    expect(died).toMatchObject({ message: 'the process dies here' });
    expect(results).toHaveLength(PARTS.length);
    expect((await folder.published())['data.parquet']!.equals(expected)).toBe(true);
    expect(await folder.names()).toEqual(['data.parquet']);
  });

  it('keeps what another program created meanwhile', async () => {
    await using folder = await tempFolder();
    const run = testRun(folder, { path: 'data.parquet', format });
    await run.open();
    const messages = await stageAll(run);
    await writeFile(join(folder.path, 'data.parquet'), 'theirs');

    const failure = await failureOf(run.commit(messages));

    expect(failure).toMatchObject({ code: 'TARGET_EXISTS' });
    expect(String((await folder.published())['data.parquet'])).toBe('theirs');
  });

  it('has the schema and no rows when there are none, however often that is committed', async () => {
    await using folder = await tempFolder();
    const run = testRun(folder, { path: 'data.parquet', format });
    await run.open();

    const results = await run.commit([]);
    await run.commit([]);
    await run.commit([], { ctx: testContext() });

    expect(results).toEqual([]);
    expect(await numbersIn(firstOf(await folder.published()))).toEqual([]);
    expect(await folder.names()).toEqual(['data.parquet']);
  });

  it('of a format without an epilogue is the parts one after another', async () => {
    await using folder = await tempFolder();
    const run = testRun(folder, { path: 'data.txt', format: lines() });
    await run.open();
    const first = await run.stage(part(0), [0, 2]);
    const second = await run.stage(part(1), [2, 4], first);

    await run.commit([first, second]);
    await run.commit([first, second], { ctx: testContext() });

    expect(String(firstOf(await folder.published()))).toBe('n\n0\n1\n2\n3\n');
  });
});

describe('modes of one file', () => {
  it('create refuses what is there before anything else happens', async () => {
    await using folder = await tempFolder();
    await writeFile(join(folder.path, 'data.parquet'), 'theirs');
    const run = testRun(folder, { path: 'data.parquet', format });

    const failure = await failureOf(run.open());

    expect(failure).toMatchObject({ code: 'TARGET_EXISTS', message: expect.stringContaining('data.parquet') });
    expect(await folder.names()).toEqual(['data.parquet']);
  });

  it('overwrite keeps the old file until the commit', async () => {
    await using folder = await tempFolder();
    await writeFile(join(folder.path, 'data.parquet'), 'old');
    const run = testRun(folder, { path: 'data.parquet', format });
    await run.open({ mode: 'overwrite' });

    const messages = await stageAll(run);
    const before = String((await folder.published())['data.parquet']);
    await run.commit(messages);
    await run.commit(messages);

    expect(before).toBe('old');
    expect(await numbersIn((await folder.published())['data.parquet']!)).toEqual(range(0, 61));
  });

  it('overwrite without a row leaves the old file', async () => {
    await using folder = await tempFolder();
    await writeFile(join(folder.path, 'data.parquet'), 'old');
    const run = testRun(folder, { path: 'data.parquet', format });
    await run.open({ mode: 'overwrite' });

    await run.commit([]);

    expect(String(firstOf(await folder.published()))).toBe('old');
  });

  it('overwrite without a row leaves a file without rows where that is asked for', async () => {
    await using folder = await tempFolder();
    await writeFile(join(folder.path, 'data.parquet'), 'old');
    const run = testRun(folder, { path: 'data.parquet', format });
    await run.open({ mode: 'overwrite', truncateWhenEmpty: true });

    await run.commit([]);

    expect(await numbersIn(firstOf(await folder.published()))).toEqual([]);
  });

  it.each(['append', 'upsert'] as const)('%s is refused', async (mode) => {
    await using folder = await tempFolder();

    expect(await failureOf(testRun(folder, { path: 'data.parquet' }).open({ mode }))).toMatchObject({
      code: 'CONFIG_INVALID',
      hint: expect.any(String),
    });
    expect(await folder.names()).toEqual([]);
  });
});

describe('abort of one file', () => {
  it('removes what is staged, prepared or not, on any instance, and repeatably', async () => {
    await using folder = await tempFolder();
    const run = testRun(folder, { path: 'data.parquet', format });
    await run.open();
    const first = await run.stage(part(0), [0, 20]);
    await run.abandon(part(1), [20, 60], first);

    const outcomes = [await run.abort([first]), await run.abort([first])];

    expect(outcomes).toEqual([
      { leftBehind: [], results: [] },
      { leftBehind: [], results: [] },
    ]);
    expect(await folder.names()).toEqual([]);
  });

  it('leaves what is committed, and says so, of all parts or of the last that are left', async () => {
    await using folder = await tempFolder();
    const run = testRun(folder, { path: 'data.parquet', format });
    await run.open();
    const messages = await stageAll(run);
    await run.commit(messages);

    const outcomes = [await run.abort(messages), await run.abort(messages.slice(1))];

    expect(await folder.names()).toEqual(['data.parquet']);
    expect(outcomes.map(({ leftBehind }) => leftBehind.map(({ id }) => id))).toEqual([
      ['data.parquet'],
      ['data.parquet'],
    ]);
    expect(outcomes.map(({ results = [] }) => results.length)).toEqual([messages.length, messages.length - 1]);
  });

  it('names what it cannot remove', async () => {
    await using folder = await tempFolder();
    const failing = altered(localStore(folder.path), {
      discardStaged: () => Promise.reject(new Error('no connection')),
    });
    const run = testRun(folder, { path: 'data.parquet', format, store: failing });
    await run.open();

    expect(await run.abort([])).toMatchObject({
      leftBehind: [{ kind: 'staged file', id: 'data.parquet', reason: 'no connection' }],
    });
  });
});
