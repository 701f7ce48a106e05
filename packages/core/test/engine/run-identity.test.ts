import { describe, expect, it } from 'vitest';

import { abandon } from '../../src/engine/abandon.ts';
import type { CopyOptions } from '../../src/engine/copy.ts';
import { foldReceipt } from '../../src/engine/receipt.ts';
import { SluiceError } from '../../src/error/sluice-error.ts';
import { memoryJournal } from '../../src/journal/memory-journal.ts';
import { sqliteJournal } from '../../src/journal/sqlite-journal.ts';
import { tempFolder } from '../temp-folder.ts';
import { failureOf } from '../thrown.ts';
import { crashJournal, type JournalTexts, newProcess } from './crash.ts';
import { publishedRows } from './memory-disk.ts';
import { memorySink } from './memory-sink.ts';
import { memorySource } from './memory-source.ts';
import { splitsOf } from './row-batches.ts';
import { scene } from './scene.ts';
import { idle } from './virtual-clock.ts';

const splits = splitsOf(9, 9, 9);

/** Fails at a step until it is mended. */
function breakable(where: string, error: () => unknown = () => new Error('oops')) {
  let isBroken = true;
  return {
    mend: (): void => {
      isBroken = false;
    },
    at: (step: string): void => {
      if (isBroken && step === where) throw error();
    },
  };
}

/** A run that has failed and is kept. */
async function keptRun() {
  const { mend, at } = breakable('prepare 1/0');
  const texts: JournalTexts = new Map();
  const one = scene({ splits }, { at }, { id: 'a', journal: crashJournal(texts) });
  const failure = await failureOf(one.copy());
  mend();
  const steps = (): string[] => [...one.source.steps, ...one.sink.steps].filter((step) => step !== 'dispose');
  return { ...one, failure, texts, steps };
}

describe('a run that failed and is kept', () => {
  it('says how to go on', async () => {
    const { failure } = await keptRun();

    expect(failure).toMatchObject({
      hint: expect.stringContaining('Run "a" is kept in /journal: resume it, or abandon it.'),
      details: { run: 'a', journal: '/journal' },
    });
  });

  it('goes on without planning again', async () => {
    const { copy, disk, steps } = await keptRun();

    const receipt = await copy();

    expect(receipt).toMatchObject({ readRows: 27, writtenRows: 27 });
    expect(publishedRows(disk)).toEqual(splits.flat());
    expect(steps().filter((step) => step === 'plan' || step.startsWith('open'))).toEqual(['plan', 'open create']);
  });

  const others: readonly [string, (from: CopyOptions) => Partial<CopyOptions>][] = [
    ['source', () => ({ from: memorySource({ splits, config: 'other' }) })],
    ['sink', ({ to }) => ({ to: { ...to, config: 'other' } })],
    ['mode', () => ({ mode: 'append' })],
    ['keys', () => ({ keys: ['id'] })],
    ['mapping', () => ({ map: { config: 'other', plan: (schema) => ({ schema, apply: (batch) => ({ batch }) }) } })],
  ];
  it.each(others)('is refused with another %s, before a plugin is called', async (_, change) => {
    const { source, sink, copy, steps } = await keptRun();
    const before = steps();

    const failure = await failureOf(copy(change({ from: source, to: sink })));

    expect(failure).toMatchObject({ code: 'RUN_MISMATCH', message: expect.stringContaining('"a"') });
    expect(steps()).toEqual(before);
  });

  it('under another version of the contract is neither gone on with nor abandoned', async () => {
    const { source, sink, clock, texts, copy, steps } = await keptRun();
    const later = texts.get('a')!.map((text) => text.replace('"contractVersion":1', '"contractVersion":2'));
    texts.set('a', later);
    const before = steps();
    const giveUp = { from: source, to: sink, id: 'a', journal: crashJournal(texts), clock };

    for (const failure of [await failureOf(copy()), await failureOf(clock.settle(abandon(giveUp)))]) {
      expect(failure).toMatchObject({
        code: 'POSITION_UNSUPPORTED',
        message: 'run "a" was planned under version 2 of the contract, and this program has version 1',
      });
    }
    expect([texts.get('a'), steps()]).toEqual([later, before]);
  });

  it('may go on with another number of retries, of rejects and at once', async () => {
    const { copy } = await keptRun();

    expect(await copy({ maxRejects: 3, parallelism: 1, prefetch: 0, retry: { attempts: 1 } })).toMatchObject({
      readRows: 27,
    });
  });

  it('says it is kept when it fails again before it has gone on', async () => {
    const { source, clock, start } = await keptRun();
    const ends: unknown[] = [];
    const run = start({
      from: { ...source, check: () => Promise.reject(new SluiceError('AUTH_REJECTED', 'no')) },
    });
    run.events$.subscribe((event) => event.kind === 'ended' && ends.push(event));

    const failure = await failureOf(clock.settle(run));

    expect(failure).toMatchObject({ code: 'AUTH_REJECTED', hint: expect.stringContaining('resume it') });
    expect(ends).toEqual([{ kind: 'ended', end: 'kept', leftBehind: [] }]);
  });

  it('is abandoned until nothing is left behind, and cannot go on', async () => {
    const { source, sink, disk, clock, texts, copy } = await keptRun();
    const file = { kind: 'staged file', id: 'x', reason: 'locked' };
    const options = {
      from: source,
      to: memorySink({ disk, leftBehind: [file] }),
      id: 'a',
      journal: crashJournal(texts),
      clock,
    };

    const left = await clock.settle(abandon(options));
    const again = await clock.settle(abandon({ ...options, to: sink }));
    const onceMore = await clock.settle(abandon({ ...options, to: sink }));
    const failure = await failureOf(copy());

    expect([left, again, onceMore]).toEqual([[file], [], []]);
    expect(disk.staged).toEqual([]);
    expect(source.steps.filter((step) => step === 'finish abandoned')).toHaveLength(2);
    expect(failure).toMatchObject({ code: 'RUN_ABANDONED' });
  });

  it('has no receipt, and none when it is abandoned', async () => {
    const { texts, source, sink, clock } = await keptRun();
    const journal = crashJournal(texts);
    const before = await failureOf(async () => foldReceipt('a', (await journal.peek('a')) ?? []));
    await clock.settle(abandon({ from: source, to: sink, id: 'a', journal, clock }));

    const after = await failureOf(async () => foldReceipt('a', (await journal.peek('a')) ?? []));

    expect(before).toMatchObject({ code: 'RUN_NOT_FOUND' });
    expect(after).toMatchObject({ code: 'RUN_ABANDONED' });
  });
});

describe('abandon', () => {
  it.each<[string, string, Partial<CopyOptions>]>([
    ['RUN_NOT_FOUND', 'b', {}],
    ['RUN_MISMATCH', 'a', { mode: 'append' }],
  ])('throws %s', async (code, id, change) => {
    const { source, sink, clock, texts } = await keptRun();

    const failure = await failureOf(
      clock.settle(abandon({ from: source, to: sink, clock, ...change, id, journal: crashJournal(texts) })),
    );

    expect(failure).toMatchObject({ code });
    expect(sink.steps.some((step) => step.startsWith('abort'))).toBe(false);
  });

  it('refuses a run that is finished', async () => {
    const { source, sink, clock, copy } = scene({ splits });
    const journal = memoryJournal();
    await copy({ id: 'a', journal });

    const failure = await failureOf(clock.settle(abandon({ from: source, to: sink, id: 'a', journal, clock })));

    expect(failure).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('is finished') });
  });

  it('never takes back what is committed', async () => {
    const { mend, at } = breakable('prepare 0/2');
    const texts: JournalTexts = new Map();
    const { source, sink, disk, clock, copy } = scene(
      { splits },
      { at, commit: 'part', writers: 1, part: { rows: 3 } },
      { id: 'a', journal: crashJournal(texts) },
    );
    await failureOf(copy());
    mend();

    await clock.settle(abandon({ from: source, to: sink, id: 'a', journal: crashJournal(texts), clock }));

    expect(sink.steps).toContain('abort 0');
    expect(publishedRows(disk)).toHaveLength(6);
  });

  it('names what a run that died before it was planned wrote down', async () => {
    const process = newProcess();
    const texts: JournalTexts = new Map();
    const { source, sink, clock, start } = scene(
      { splits },
      { at: (step, ctx) => (step === 'open create' ? ctx!.memo.set('table', 'staging_1') : undefined) },
    );
    // The entries are the fingerprint, the memo, the plan.
    void start({ id: 'a', journal: crashJournal(texts, process, { append: 2, when: 'before' }) });
    await idle();

    const left = await clock.settle(abandon({ from: source, to: sink, id: 'a', journal: crashJournal(texts), clock }));

    expect(left).toMatchObject([{ kind: 'sink memo', id: 'table', handle: 'staging_1' }]);
  });
});

describe('an id', () => {
  it.each(['check', 'plan', 'open create'])('can be used with another configuration after %s failed', async (step) => {
    const texts: JournalTexts = new Map();
    const { at } = breakable(step);
    const broken = scene({ splits, at }, { at }, { id: 'a', journal: crashJournal(texts) });
    const mended = scene({ splits, config: 'other' }, { config: 'other' }, { id: 'a', journal: crashJournal(texts) });

    const failure = await failureOf(broken.copy());
    const receipt = await mended.copy();

    expect(failure).toMatchObject({ code: 'INTERNAL', hint: expect.not.stringContaining('resume') });
    expect(receipt).toMatchObject({ id: 'a', writtenRows: 27 });
  });

  it.each(['memory', 'SQLite'])('is held by one run at a time in %s', async (kind) => {
    await using folder = await tempFolder();
    const journal = kind === 'memory' ? memoryJournal() : sqliteJournal(folder.path);
    const first = scene({ splits }, {}, { id: 'a', journal });
    const second = scene({ splits }, {}, { id: 'a', journal });
    const running = first.start();

    const failure = await failureOf(second.copy());
    const receipt = await first.clock.settle(running);

    expect(failure).toMatchObject({ code: 'RUN_LOCKED' });
    expect(second.source.steps).toEqual(['dispose']);
    expect(receipt.readRows).toBe(27);
    expect((await first.copy()).readRows).toBe(27);
  });

  it('of a failed run cannot be used again in memory, where nothing of it is left', async () => {
    const { mend, at } = breakable('prepare 1/0');
    const { copy, disk } = scene({ splits }, { at }, { id: 'a', journal: memoryJournal() });
    await failureOf(copy());
    mend();

    expect(await failureOf(copy())).toMatchObject({ code: 'RUN_ABANDONED' });
    expect([disk.staged, disk.published]).toEqual([[], []]);
  });

  it('names a folder of journals on disk that another process can go on with', async () => {
    await using folder = await tempFolder();
    const { mend, at } = breakable('prepare 1/0');
    const one = scene({ splits }, { at }, { id: 'a', journal: folder.path });
    const failure = await failureOf(one.copy());
    mend();
    const other = scene({ splits }, { disk: one.disk }, { id: 'a', journal: folder.path });

    const receipt = await other.copy();

    expect(failure).toMatchObject({ details: { journal: folder.path } });
    expect(publishedRows(one.disk)).toEqual(splits.flat());
    expect(receipt.writtenRows).toBe(27);
  });
});
