import { mkdtemp, readFile, rm } from 'node:fs/promises';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { armFileFault, faultyFiles, killedJournal, VirtualClock } from '../src/index.ts';
import { holdings, moreThan } from '../src/tools/leak-watch.ts';
import { processEffects } from '../src/tools/process-watch.ts';
import { seededRandom } from '../src/tools/random.ts';
import { NEVER_MS } from '../src/tools/virtual-clock.ts';

const { signal } = new AbortController();

describe('virtual time', () => {
  it('wakes the sleepers in their order, and passes by sleeping alone', async () => {
    const clock = new VirtualClock();
    const startMs = clock.now();
    const woken: number[] = [];

    await Promise.all(
      [3_600_000, 1, 60_000].map(async (ms) => {
        await clock.sleep(ms, signal);
        woken.push(clock.now() - startMs);
      }),
    );

    expect(woken).toEqual([1, 60_000, 3_600_000]);
    expect(clock.sleepsMs).toEqual([3_600_000, 1, 60_000]);
  });

  it('never ends a bound, which its signal does', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const bound = clock.sleep(NEVER_MS, controller.signal);

    await clock.sleep(10, signal);
    controller.abort(new Error('over'));

    await expect(bound).rejects.toThrow('over');
  });
});

describe('a journal whose process dies', () => {
  it.each([
    ['before', 1],
    ['after', 2],
  ] as const)('%s an append, has the entries up to there, and never answers', async (when, kept) => {
    const journal = killedJournal();
    const { journal: own, died } = journal.process({ append: 1, when });
    const run = await own.open('run');
    const entry = { kind: 'splitDone', split: 0, rows: 1, atMs: 0 } as const;

    await run.append(entry);
    const last = run.append(entry);
    await died;
    journal.bury();

    await expect(last).rejects.toThrow('killed in a test');
    expect(await journal.process().journal.peek('run')).toHaveLength(kept);
  });
});

describe('files with faults', () => {
  const files = faultyFiles(fs);

  it('fail where the fault says so, as Node tells of it, until it is disposed of', async () => {
    const missing = join(tmpdir(), 'sluice-none');
    {
      using armed = armFileFault({ code: 'EROFS', fails: (name, nth) => name === 'rm' && nth === 2 });
      await files.rm(missing, { force: true });
      await expect(files.rm(missing, { force: true })).rejects.toMatchObject({ code: 'EROFS', syscall: 'rm' });
      await files.rm(missing, { force: true });

      expect(armed.calls).toEqual(['rm', 'rm', 'rm']);
    }
    await files.rm(missing, { force: true });
  });

  it('take half of what a full disk has no room for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-faulty-'));
    const path = join(folder, 'file');
    {
      using armed = armFileFault({ code: 'ENOSPC', fails: (name) => name === 'write' });
      await using file = await files.open(path, 'w');
      await expect(file.write(Buffer.from('abcdef'), 0, 6, 0)).rejects.toMatchObject({ code: 'ENOSPC' });

      expect(armed.calls).toEqual(['open', 'write']);
    }

    expect(await readFile(path, 'utf8')).toBe('abc');
    await rm(folder, { recursive: true });
  });
});

describe('what the kit watches', () => {
  it('sees a timer that is left', async () => {
    const before = await holdings();
    const controller = new AbortController();
    const waiting = delay(100_000, undefined, { signal: controller.signal }).catch(() => {});

    const more = moreThan(before, await holdings());
    controller.abort();
    await waiting;

    expect(more).toEqual(['1 Timeout']);
    expect(moreThan(before, await holdings())).toEqual([]);
  });

  it('sees what work does to the process, and undoes its watching', async () => {
    const { console } = globalThis;
    const { log } = console;

    const effects = await processEffects(async () => {
      globalThis.console.log('x');
      void Promise.reject(new Error('left'));
      Object.assign(Array.prototype, { sluiceTest: 1 });
    });
    Reflect.deleteProperty(Array.prototype, 'sluiceTest');

    expect(effects).toEqual(['console.log was called', 'a rejection was not handled', 'Array.prototype was changed']);
    expect(console['log']).toBe(log);
  });

  it('has random numbers that the seed decides', () => {
    const [a, b, other] = [seededRandom(5), seededRandom(5), seededRandom(6)];
    const five = (random: () => number): readonly number[] => Array.from({ length: 5 }, random);

    const numbers = five(a);

    expect(five(b)).toEqual(numbers);
    expect(five(other)).not.toEqual(numbers);
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  });
});
