import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { JournalEntry } from '../src/contract/journal.ts';
import { SluiceError } from '../src/error/sluice-error.ts';
import { sqliteJournal } from '../src/journal/sqlite-journal.ts';
import { memo, startJournalProcess } from './journal-process.ts';
import { tempFolder } from './temp-folder.ts';
import { failureOf } from './thrown.ts';

async function writeRun(folder: string, count: number): Promise<void> {
  await using run = await sqliteJournal(folder).open('a');
  for (let n = 0; n < count; n++) await run.append(memo(n));
}

function edit(folder: string, sql: string): void {
  const database = new DatabaseSync(join(folder, 'a.sqlite'));
  database.exec(sql);
  database.close();
}

async function readAll(folder: string): Promise<readonly JournalEntry[]> {
  await using run = await sqliteJournal(folder).open('a');
  return run.entries;
}

describe('a SQLite journal and other processes', () => {
  it('keeps every entry that was acknowledged before a process was killed, and lets the run go with it', async () => {
    await using folder = await tempFolder();
    const child = startJournalProcess('append', folder.path, 'a');
    let acknowledged = 0;
    while (acknowledged < 40) acknowledged = await child.next();
    await child.kill();

    const peeked = await sqliteJournal(folder.path).peek('a');
    const entries = await readAll(folder.path);

    expect(entries.length).toBeGreaterThanOrEqual(acknowledged);
    expect(entries).toEqual(entries.map((_, n) => memo(n)));
    expect(peeked).toEqual(entries);
  });

  it('refuses a run that a living process holds, and shows it meanwhile', async () => {
    await using folder = await tempFolder();
    await using child = startJournalProcess('append', folder.path, 'a');
    const acknowledged = await child.next();
    const journal = sqliteJournal(folder.path);

    const refusal = await failureOf(journal.open('a'));
    const peeked = await journal.peek('a');
    const runs = await journal.list();
    await child.kill();

    expect(refusal).toMatchObject({ code: 'RUN_LOCKED' });
    expect(peeked?.length).toBeGreaterThanOrEqual(acknowledged);
    expect(runs).toMatchObject([{ id: 'a', state: 'running' }]);
    expect(await journal.list()).toMatchObject([{ id: 'a', state: 'unfinished' }]);
  });

  it('is opened and written undisturbed by a process that lists its runs all the time', async () => {
    await using folder = await tempFolder();
    await writeRun(folder.path, 1);
    await using child = startJournalProcess('look', folder.path, 'a');
    const before = await child.next();

    for (let n = 1; n <= 60; n++) {
      await using run = await sqliteJournal(folder.path).open('a');
      await run.append(memo(n));
    }

    expect(await readAll(folder.path)).toHaveLength(61);
    expect(await child.next()).toBeGreaterThan(before);
  });

  it('is one journal for all that name its folder', async () => {
    await using folder = await tempFolder();
    await using run = await sqliteJournal(folder.path).open('a');
    await run.append(memo(1));

    const refusal = await failureOf(sqliteJournal(`${folder.path}/../${folder.path.split('/').at(-1)}`).open('a'));

    expect(refusal).toMatchObject({ code: 'RUN_LOCKED' });
  });
});

describe('the files of a SQLite journal', () => {
  it('are their owner’s alone', async () => {
    await using folder = await tempFolder();
    const path = join(folder.path, 'deep/runs');
    await using run = await sqliteJournal(path).open('a b/Ü');
    await run.append(memo(1));

    const names = await readdir(path);
    const modes = await Promise.all(names.map(async (name) => (await stat(join(path, name))).mode & 0o777));

    expect(names).toEqual(expect.arrayContaining(['a%20b%2f%c3%9c.sqlite', 'a%20b%2f%c3%9c.lock']));
    expect(new Set(modes)).toEqual(new Set([0o600]));
    expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  it('are one for a run that has ended, besides its lock', async () => {
    await using folder = await tempFolder();
    await writeRun(folder.path, 3);

    expect(await readdir(folder.path)).toEqual(['a.lock', 'a.sqlite']);
  });

  it.each<[string, (folder: string) => Promise<void> | void, string]>([
    ['is no database', (folder) => writeFile(join(folder, 'a.sqlite'), 'rows, rows, rows\n'.repeat(500)), 'damaged'],
    ['is cut short', (folder) => truncate(join(folder, 'a.sqlite'), 5000), 'damaged'],
    ['lacks an entry', (folder) => edit(folder, 'DELETE FROM entry WHERE seq = 5'), 'lacks entry 5'],
    ['was edited', (folder) => edit(folder, `UPDATE entry SET json = replace(json, 'k7', 'k8')`), 'at entry 8'],
    [
      'has its entries in another order',
      (folder) => edit(folder, 'UPDATE entry SET seq = -seq; UPDATE entry SET seq = 21 + seq'),
      'at entry',
    ],
    ['lacks its id', (folder) => edit(folder, 'DELETE FROM run'), 'damaged'],
    ['is that of another run', (folder) => edit(folder, `UPDATE run SET id = '"b"'`), 'that of run "b"'],
    ['is a database of another program', (folder) => edit(folder, 'PRAGMA application_id = 7'), 'something else'],
    ['is of a later version', (folder) => edit(folder, 'PRAGMA user_version = 2'), 'of version 2'],
  ])('are refused, and named, when one %s', async (_, damage, reason) => {
    await using folder = await tempFolder();
    await writeRun(folder.path, 20);
    await damage(folder.path);

    const failure = await failureOf(readAll(folder.path));
    const again = await failureOf(readAll(folder.path));

    expect(failure).toMatchObject({
      code: 'JOURNAL_UNREADABLE',
      message: expect.stringContaining(join(folder.path, 'a.sqlite')),
      hint: expect.any(String),
    });
    expect(failure).toMatchObject({ message: expect.stringContaining(reason) });
    expect(again).toMatchObject({ code: 'JOURNAL_UNREADABLE' });
  });

  it('that are damaged are listed as unreadable beside the others', async () => {
    await using folder = await tempFolder();
    await writeRun(folder.path, 20);
    const journal = sqliteJournal(folder.path);
    for (const id of ['Load 7', 'x'.repeat(150) + 'Ü'.repeat(50)]) {
      await using run = await journal.open(id);
      await run.append(memo(0));
    }
    const damaged = (await readdir(folder.path)).filter((name) => name.endsWith('.sqlite') && name !== 'a.sqlite');
    for (const name of damaged) await truncate(join(folder.path, name), 5000);
    await mkdir(join(folder.path, 'folder.sqlite'));

    const runs = await journal.list();

    expect(runs.map(({ id, state }) => [id, state])).toEqual(
      expect.arrayContaining([
        ['a', 'unfinished'],
        ['Load 7', 'unreadable'],
        [expect.stringMatching(/^x{130,}.*~[0-9a-f]{64}$/), 'unreadable'],
        ['folder', 'unreadable'],
      ]),
    );
    expect(runs).toHaveLength(4);
    const { reason, startedMs } = runs.find(({ id }) => id === 'Load 7')!;
    expect(reason).toContain(join(folder.path, '%4coad%207.sqlite'));
    expect(startedMs).toBeGreaterThan(Date.now() - 60_000);
  });

  it('never give other entries than were written, whichever byte is damaged', async () => {
    await using folder = await tempFolder();
    await writeRun(folder.path, 30);
    const whole = await readFile(join(folder.path, 'a.sqlite'));
    const written = Array.from({ length: 30 }, (_, n) => memo(n));
    const isUnreadable = (outcome: unknown): boolean =>
      outcome === true || (SluiceError.is(outcome) && outcome.code === 'JOURNAL_UNREADABLE');
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const damaged = Buffer.from(whole);
        damaged[at]! ^= flip;
        await using copy = await tempFolder();
        await writeFile(join(copy.path, 'a.sqlite'), damaged);

        const outcome = await readAll(copy.path).catch((error: unknown) => error);

        if (!Array.isArray(outcome)) refused++;
        expect(Array.isArray(outcome) ? outcome : written).toEqual(written);
        expect(Array.isArray(outcome) || outcome).toSatisfy(isUnreadable);
      }),
      { seed: 20_261_124, numRuns: 150 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  it('may be left by a process that died before the first entry', async () => {
    await using folder = await tempFolder();
    await writeFile(join(folder.path, 'a.sqlite'), '');

    const peeked = await sqliteJournal(folder.path).peek('a');
    await writeRun(folder.path, 2);

    expect(peeked).toBeUndefined();
    expect(await readAll(folder.path)).toEqual([memo(0), memo(1)]);
  });

  it('cannot lie where a file lies already', async () => {
    await using folder = await tempFolder();
    const path = join(folder.path, 'taken');
    await writeFile(path, '');

    const failures = [await failureOf(sqliteJournal(path).open('a')), await failureOf(sqliteJournal(path).list())];

    for (const failure of failures) {
      expect(failure).toMatchObject({ code: 'IO_FAILED', message: expect.stringContaining(path) });
    }
  });

  it('cannot be a folder', async () => {
    await using folder = await tempFolder();
    await mkdir(join(folder.path, 'a.sqlite'));

    expect(await failureOf(sqliteJournal(folder.path).open('a'))).toMatchObject({ code: 'IO_FAILED' });
    await using other = await sqliteJournal(folder.path).open('b');
    expect(other.entries).toEqual([]);
  });
});
