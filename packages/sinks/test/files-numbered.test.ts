import { describe, expect, it } from 'vitest';

import { failureOf, tempFolder, testRun } from './files-run.ts';
import { numbersIn, range } from './parquet-rows.ts';

const part = (split: number, n: number): { split: number; part: number } => ({ split, part: n });

describe('numbered files', () => {
  it('have names of their own, replace those of the run before, and leave others in the folder alone', async () => {
    await using folder = await tempFolder();
    const others = testRun(folder, { path: 'out/data_extra.parquet' });
    await others.open();
    await others.commit([await others.stage(part(0, 0), [90, 91])]);
    for (const parts of [2, 1]) {
      const run = testRun(folder, { path: 'out/', numbered: { prefix: 'data' } });
      await run.open({ mode: 'overwrite' });
      const messages = [];
      for (let n = 0; n < parts; n++) messages.push(await run.stage(part(0, n), [n * 10, n * 10 + 10]));
      await run.commit(messages);

      const found = await folder.published();
      const names = Array.from({ length: parts }, (_, n) => `out/data_0000${n}.parquet`);
      expect(Object.keys(found)).toEqual([...names, 'out/data_extra.parquet']);
      expect(await numbersIn(found[names[parts - 1]!]!)).toEqual(range((parts - 1) * 10, parts * 10));
    }
  });

  it('have the split in front from the second on, so that no two are called the same', async () => {
    await using folder = await tempFolder();
    const run = testRun(folder, { path: 'out/', numbered: { prefix: 'data', extension: '.pq' } });
    await run.open();
    await run.commit([await run.stage(part(0, 1), [0, 1]), await run.stage(part(1, 1), [1, 2])]);

    expect(Object.keys(await folder.published())).toEqual(['out/data_00001.pq', 'out/data_00001_00001.pq']);
  });

  it('are refused by create where some are there, and cannot be appended to', async () => {
    await using folder = await tempFolder();
    const first = testRun(folder, { path: 'out/', numbered: { prefix: 'data' } });
    await first.open();
    await first.commit([await first.stage(part(0, 0), [0, 1])]);

    const again = testRun(folder, { path: 'out/', numbered: { prefix: 'data' } });
    const other = testRun(folder, { path: 'out/', numbered: { prefix: 'other' } });
    const appending = testRun(folder, { path: 'out/', numbered: { prefix: 'data' } });
    expect(await failureOf(again.open())).toMatchObject({ code: 'TARGET_EXISTS' });
    expect(await other.open()).toMatchObject({ replaces: [] });
    expect(await failureOf(appending.open({ mode: 'append' }))).toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
