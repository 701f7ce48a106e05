import { describe, expect, it } from 'vitest';

import { SluiceError } from '../../src/error/sluice-error.ts';
import { failureOf } from '../thrown.ts';
import { crashJournal, type JournalTexts } from './crash.ts';
import { publishedRows } from './memory-disk.ts';
import { splitsOf } from './row-batches.ts';
import { scene } from './scene.ts';

const splits = splitsOf(3, 3, 3, 3);

describe('a source that fails while it finds splits', () => {
  it.each([1, 4])('is never taken to have found all of them, with %i writers waiting', async (writers) => {
    const texts: JournalTexts = new Map();
    let isBroken = true;
    const { disk, copy } = scene(
      {
        splits,
        at: (step) => {
          if (isBroken && step === 'split 1') throw new SluiceError('REMOTE_UNAVAILABLE', 'not just now');
        },
      },
      { writers },
      { id: 'a', journal: crashJournal(texts) },
    );
    const failure = await failureOf(copy());
    isBroken = false;

    const receipt = await copy();

    expect(failure).toMatchObject({ code: 'REMOTE_UNAVAILABLE' });
    expect(receipt.readRows).toBe(12);
    expect(publishedRows(disk)).toEqual(splits.flat());
  });

  it('is asked on behind the last split that is journalled', async () => {
    const texts: JournalTexts = new Map();
    let isBroken = true;
    const { source, copy } = scene(
      {
        splits,
        at: (step) => {
          if (isBroken && step === 'split 2') throw new SluiceError('REMOTE_UNAVAILABLE', 'not just now');
        },
      },
      {},
      { id: 'a', journal: crashJournal(texts) },
    );
    await failureOf(copy());
    isBroken = false;

    await copy();

    expect(source.steps.filter((step) => step.startsWith('splits'))).toEqual(['splits', 'splits after 1']);
  });

  it('is asked for one split at a time, and for none that nobody is ready for', async () => {
    let [asked, most] = [0, 0];
    const { source, copy } = scene(
      {
        splits: splitsOf(1, 1, 1, 1, 1, 1),
        at: async (step) => {
          if (!step.startsWith('split ')) return;
          most = Math.max(most, ++asked);
          await Promise.resolve();
          asked--;
        },
      },
      { writers: 2 },
    );

    await copy({ parallelism: 2 });

    expect(most).toBe(1);
    expect(source.steps.indexOf('split 3')).toBeGreaterThan(source.steps.indexOf('end 0'));
  });
});
