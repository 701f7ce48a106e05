import { describe, expect, it } from 'vitest';

import { copy, type CopyOptions } from '../../src/engine/copy.ts';
import { crashJournal, type Death, diskOf, type JournalTexts, newProcess } from './crash.ts';
import { inOrder, type MemoryDisk, memoryDisk } from './memory-disk.ts';
import { memorySink, type MemorySinkOptions } from './memory-sink.ts';
import { memorySource, type MemorySourceOptions } from './memory-source.ts';
import { splitsOf } from './row-batches.ts';
import { scene } from './scene.ts';
import { settledReceipt } from './settled-receipt.ts';
import { idle } from './virtual-clock.ts';

type Scenario = Omit<MemorySinkOptions, 'disk'> & Pick<MemorySourceOptions, 'positions'>;

const reads: Pick<MemorySourceOptions, 'splits' | 'reject' | 'changes' | 'plan'> = {
  splits: splitsOf(7, 0, 5, 9),
  reject: ({ id }) => (id % 7 === 5 ? 'too long' : undefined),
  changes: ({ id }) => id % 3,
  plan: {
    notes: [
      { code: 'A', message: 'a' },
      { code: 'B', message: 'b' },
    ],
  },
};

function settings(scenario: Scenario, disk: MemoryDisk): Pick<CopyOptions, 'from' | 'to' | 'maxRejects' | 'id'> {
  const { positions = true, ...sink } = scenario;
  return {
    from: memorySource({ ...reads, positions, deliveryRows: 3 }),
    to: memorySink({
      ...sink,
      disk,
      part: { rows: 2 },
      rejectAtWrite: ({ id }) => (id % 11 === 1 ? 'refused' : undefined),
      rejectAtCommit: ({ id }) => (id % 13 === 2 ? 'refused late' : undefined),
    }),
    maxRejects: Infinity,
    id: 'run',
  };
}

async function undisturbed(scenario: Scenario) {
  const disk = memoryDisk();
  const texts: JournalTexts = new Map();
  const receipt = await copy({ ...settings(scenario, disk), journal: crashJournal(texts) });
  return { receipt: settledReceipt(receipt), published: inOrder(disk.published), entries: texts.get('run')!.length };
}

/** Runs until the process dies, as often as it does, then to the end. */
async function resumed(scenario: Scenario, deaths: readonly Death[]) {
  const disk = memoryDisk();
  const texts: JournalTexts = new Map();
  let died = 0;
  for (const death of deaths) {
    const process = newProcess();
    void copy({ ...settings(scenario, diskOf(disk, process)), journal: crashJournal(texts, process, death) });
    await idle();
    if (!process.isAlive) died++;
  }
  const receipt = await copy({ ...settings(scenario, disk), journal: crashJournal(texts) });
  return { receipt: settledReceipt(receipt), published: inOrder(disk.published), died };
}

const scenarios: readonly [string, Scenario][] = [true, false].flatMap((positions) =>
  (['end', 'part'] as const).flatMap((commit) =>
    [1, 3].map((writers): [string, Scenario] => [
      `${positions ? 'with' : 'without'} positions, committed at the ${commit}, ${writers} at once`,
      { positions, commit, writers },
    ]),
  ),
);

describe.each(scenarios)('a run %s', (_, scenario) => {
  it.each(['before', 'after'] as const)(
    'ends as an undisturbed one when its process dies %s any entry',
    async (when) => {
      const whole = await undisturbed(scenario);

      expect(whole.entries).toBeGreaterThan(20);
      for (let append = 0; append < whole.entries; append++) {
        const again = await resumed(scenario, [{ append, when }]);
        expect(again, `dead ${when} entry ${append}`).toEqual({
          receipt: whole.receipt,
          published: whole.published,
          died: 1,
        });
      }
    },
  );

  it('ends as an undisturbed one when process after process dies', async () => {
    const whole = await undisturbed(scenario);

    const again = await resumed(
      scenario,
      Array.from({ length: 12 }, (_death, n) => ({ append: n % 5, when: n % 2 === 0 ? 'after' : 'before' }) as const),
    );

    expect(again.died).toBeGreaterThan(5);
    expect(again).toMatchObject({ receipt: whole.receipt, published: whole.published });
  });
});

describe('a run that is resumed when the results of all its parts are in the journal', () => {
  it.each<[string, number, string[]]>([
    ['is not committed again', 7, []],
    ['is committed once more where it had no part', 0, ['commit 0']],
  ])('%s', async (_, rows, commits) => {
    const texts: JournalTexts = new Map();
    const { sink, copy: run } = scene({ splits: splitsOf(rows) }, {}, { id: 'run', journal: crashJournal(texts) });
    await run();
    // As if the process had died ahead of its last entry.
    texts.set('run', texts.get('run')!.slice(0, -1));
    const before = sink.steps.length;

    const receipt = await run();

    expect(sink.steps.slice(before).filter((step) => step.startsWith('commit'))).toEqual(commits);
    expect(receipt.writtenRows).toBe(rows);
  });
});
