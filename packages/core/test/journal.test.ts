import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Journal, JournalEntry } from '../src/contract/journal.ts';
import { memoryJournal } from '../src/journal/memory-journal.ts';
import { sqliteJournal } from '../src/journal/sqlite-journal.ts';
import { secret } from '../src/secret/secret-reference.ts';
import { memo } from './journal-process.ts';
import { tempFolder } from './temp-folder.ts';
import { failureOf } from './thrown.ts';

interface TestJournal extends AsyncDisposable {
  readonly journal: Journal;
}

async function memory(): Promise<TestJournal> {
  return { journal: memoryJournal(), [Symbol.asyncDispose]: async () => {} };
}

async function sqlite(): Promise<TestJournal> {
  const folder = await tempFolder();
  return {
    journal: sqliteJournal(`${folder.path}/runs`),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const planned: JournalEntry = {
  kind: 'planned',
  contractVersion: 1,
  source: 'numbers',
  sink: 'list',
  fingerprint: 'f',
  plan: null,
  sourceSchema: '',
  sinkSchema: '',
  target: {},
  estimate: {},
  atMs: 20,
};

function ended(end: 'committed' | 'abandoned'): JournalEntry {
  return { kind: 'ended', end, leftBehind: [], calls: {}, atMs: 30 };
}

async function write(journal: Journal, runId: string, entries: readonly JournalEntry[]): Promise<void> {
  await using run = await journal.open(runId);
  for (const entry of entries) await run.append(entry);
}

describe.each([
  ['memory', memory],
  ['SQLite', sqlite],
])('a journal in %s', (_, create) => {
  it('gives back the entries in their order when a run is opened again', async () => {
    await using test = await create();
    const entries = Array.from({ length: 20 }, (_, n) => memo(n));
    await write(test.journal, 'a', entries.slice(0, 12));
    await write(test.journal, 'a', entries.slice(12));

    await using run = await test.journal.open('a');

    expect(run.id).toBe('a');
    expect(run.entries).toEqual(entries);
  });

  it('keeps the order of appends that nobody waited for', async () => {
    await using test = await create();
    const entries = Array.from({ length: 20 }, (_, n) => memo(n));
    await using run = await test.journal.open('a');

    await Promise.all(entries.map((entry) => run.append(entry)));

    expect(await test.journal.peek('a')).toEqual(entries);
  });

  it('refuses a run that is held, and gives it to the next when it is let go', async () => {
    await using test = await create();
    const first = await test.journal.open('a');
    const refusal = await failureOf(test.journal.open('a'));
    await using other = await test.journal.open('b');
    await first[Symbol.asyncDispose]();
    await using again = await test.journal.open('a');
    await first[Symbol.asyncDispose]();

    const stillHeld = await failureOf(test.journal.open('a'));

    expect(refusal).toMatchObject({ code: 'RUN_LOCKED', message: expect.stringContaining('"a"') });
    expect(stillHeld).toMatchObject({ code: 'RUN_LOCKED' });
    expect([other.id, again.id]).toEqual(['b', 'a']);
  });

  it('refuses an append after the run was let go', async () => {
    await using test = await create();
    const run = await test.journal.open('a');
    await run.append(memo(1));
    await run[Symbol.asyncDispose]();

    const failure = await failureOf(run.append(memo(2)));

    expect(failure).toMatchObject({ code: 'INTERNAL' });
    expect(await test.journal.peek('a')).toEqual([memo(1)]);
  });

  it('lets others read a run that is held', async () => {
    await using test = await create();
    await using run = await test.journal.open('a');
    await run.append(memo(1));
    const first = await test.journal.peek('a');
    await run.append(memo(2));

    const second = await test.journal.peek('a');

    expect([first, second]).toEqual([[memo(1)], [memo(1), memo(2)]]);
    expect(await test.journal.list()).toMatchObject([{ id: 'a', state: 'running' }]);
    expect(await failureOf(test.journal.open('a'))).toMatchObject({ code: 'RUN_LOCKED' });
  });

  it('lists runs by their start, with their state and what they copy', async () => {
    await using test = await create();
    await write(test.journal, 'done', [memo(-400), planned, ended('abandoned'), ended('committed')]);
    await write(test.journal, 'given up', [planned, ended('abandoned')]);
    await write(test.journal, 'cut short', [memo(-300), planned]);
    await write(test.journal, 'not planned', [memo(7)]);
    await using run = await test.journal.open('under way');
    await run.append(planned);
    await using read = await test.journal.open('done');

    const runs = await test.journal.list();

    const names = { source: 'numbers', sink: 'list' };
    expect(read.entries).toHaveLength(4);
    expect(runs).toEqual([
      { id: 'given up', startedMs: 20, state: 'abandoned', ...names },
      { id: 'under way', startedMs: 20, state: 'running', ...names },
      { id: 'done', startedMs: 600, state: 'committed', ...names },
      { id: 'cut short', startedMs: 700, state: 'unfinished', ...names },
      { id: 'not planned', startedMs: 1007, state: 'unfinished', source: undefined, sink: undefined },
    ]);
  });

  it('knows no run without an entry', async () => {
    await using test = await create();
    const nothing = await test.journal.list();
    await using run = await test.journal.open('a');

    expect(run.entries).toEqual([]);
    expect(nothing).toEqual([]);
    expect(await test.journal.list()).toEqual([]);
    expect(await test.journal.peek('a')).toBeUndefined();
    expect(await test.journal.peek('b')).toBeUndefined();
  });

  it('shares nothing with whoever appended or read', async () => {
    await using test = await create();
    const value = { list: [1] };
    await write(test.journal, 'a', [{ kind: 'memo', scope: 'run', key: 'k', value, atMs: 1 }]);
    value.list.push(2);
    const [read] = (await test.journal.peek('a')) ?? [];
    Object.assign(read ?? {}, { key: 'changed' });

    expect(await test.journal.peek('a')).toMatchObject([{ key: 'k', value: { list: [1] } }]);
  });

  it('keeps a run under any id', async () => {
    const ids = fc.oneof(
      fc.string({ minLength: 1, maxLength: 200, unit: 'binary' }).filter((id) => id.length <= 200),
      fc.constantFrom(
        '.',
        '..',
        '/',
        'a/../b',
        'A',
        'a',
        'CON',
        '\0',
        '%41',
        'x'.repeat(200),
        '𝄞'.repeat(100),
        'ü'.repeat(199),
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(ids, { minLength: 1, maxLength: 4 }), async (some) => {
        await using fresh = await create();
        for (const id of some) await write(fresh.journal, id, [memo(id.length)]);
        const listed = (await fresh.journal.list()).map(({ id }) => id);
        expect(listed.toSorted()).toEqual(some.toSorted());
        for (const id of some) expect(await fresh.journal.peek(id)).toEqual([memo(id.length)]);
      }),
      { seed: 20_261_124, numRuns: 12 },
    );
  });

  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(201)],
    ['half a character', '\ud83d'],
  ])('refuses a run id that is %s', async (_, id) => {
    await using test = await create();

    expect(await failureOf(test.journal.open(id))).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(await failureOf(test.journal.peek(id))).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  const circle: unknown[] = [];
  circle.push(circle);
  it.each<[string, string, unknown]>([
    ['the number NaN', '.value.a[1]', { a: [0, NaN] }],
    ['the number -Infinity', '.value', -Infinity],
    ['undefined', '.value[0]', [undefined]],
    ['undefined', '.value[1]', Object.assign([], { 2: 1, 0: 1 })],
    ['a bigint', '.value.b', { b: 5n }],
    ['a function', '.value.b', { b: () => 'hunter2' }],
    ['a symbol', '.value.b', { b: Symbol('hunter2') }],
    ['an object of class Date', '.value[0]', [new Date(0)]],
    ['an object of class Uint8Array', '.value[0]', [Uint8Array.of(1)]],
    ['a secret', '.value.token', { token: secret.value('hunter2') }],
    ['something within itself', '.value[0][0]', circle],
  ])('refuses an entry with %s', async (found, place, value) => {
    await using test = await create();
    await using run = await test.journal.open('a');
    await run.append(memo(1));

    const failure = await failureOf(run.append({ ...memo(2), value } as never));
    await run.append(memo(3));

    expect(failure).toMatchObject({ code: 'CONTRACT_BROKEN', message: expect.stringContaining(found) });
    expect(failure).toMatchObject({ message: expect.stringContaining(`at ${place}`) });
    expect(String(failure)).not.toContain('hunter2');
    expect(await test.journal.peek('a')).toEqual([memo(1), memo(3)]);
  });

  it('takes whatever JSON can say', async () => {
    await using test = await create();
    await using run = await test.journal.open('a');
    const entries: JournalEntry[] = [];
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ stringUnit: 'binary' }), async (value) => {
        // What fast-check calls a JSON value is one.
        const entry = { kind: 'memo', scope: 'part', key: 'k', value: value as null, atMs: 0.5 } as const;
        await run.append(entry);
        entries.push(JSON.parse(JSON.stringify(entry)) as JournalEntry);
      }),
      { seed: 20_261_124, numRuns: 100 },
    );

    expect(await test.journal.peek('a')).toEqual(entries);
  });
});
