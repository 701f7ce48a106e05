import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { JournalEntry } from '../src/contract/journal.ts';
import { sqliteJournal } from '../src/journal/sqlite-journal.ts';
import { memo } from './journal-process.ts';
import { tempFolder } from './temp-folder.ts';
import { failureOf } from './thrown.ts';

const ENDED: JournalEntry = { kind: 'ended', end: 'committed', leftBehind: [], calls: {}, atMs: 5 };

async function writeRun(folder: string, ...entries: readonly JournalEntry[]): Promise<void> {
  await using run = await sqliteJournal(folder).open('a');
  for (const entry of entries) await run.append(entry);
}

describe('a run on disk', () => {
  it('that has ended is removed, and its id is free again', async () => {
    await using folder = await tempFolder();
    const journal = sqliteJournal(folder.path);
    await writeRun(folder.path, memo(1), ENDED);

    expect(await journal.remove('a')).toBe(true);
    expect(await journal.remove('a')).toBe(false);
    expect(await journal.list()).toEqual([]);
    expect(await readdir(folder.path)).toEqual(['a.lock']);
    await writeRun(folder.path, memo(2));
    expect(await journal.peek('a')).toEqual([memo(2)]);
  });

  it('that has not ended stays, whatever is asked', async () => {
    await using folder = await tempFolder();
    const journal = sqliteJournal(folder.path);
    await writeRun(folder.path, memo(1));

    expect(await failureOf(journal.remove('a'))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'run "a" has not ended, so it is kept',
    });
    expect(await journal.peek('a')).toEqual([memo(1)]);
  });

  it('stays while somebody holds it, and where it cannot be read', async () => {
    await using folder = await tempFolder();
    const journal = sqliteJournal(folder.path);
    await writeRun(folder.path, memo(1), ENDED);
    {
      await using held = await journal.open('a');
      expect(held.entries).toHaveLength(2);
      expect(await failureOf(journal.remove('a'))).toMatchObject({ code: 'RUN_LOCKED' });
    }
    await rm(join(folder.path, 'a.sqlite'));
    await writeFile(join(folder.path, 'a.sqlite'), 'no journal '.repeat(500));

    expect(await failureOf(journal.remove('a'))).toMatchObject({ code: 'JOURNAL_UNREADABLE' });
    expect(await readdir(folder.path)).toContain('a.sqlite');
  });
});
