import { SluiceError } from '../../../src/error/sluice-error.ts';
import { publishedRows } from '../../engine/memory-disk.ts';
import { splitsOf } from '../../engine/row-batches.ts';
import { engineScene } from '../engine-scene.ts';
import { ensure, failureUnless, type InvariantCheck, told } from '../invariant-check.ts';

const splits = splitsOf(7, 0, 5, 9);

export const splitJournalled: InvariantCheck = {
  id: 'E2',
  title: 'A split is in the journal before it is read.',
  async run(engine) {
    const unknown: string[] = [];
    const { entries, copy } = engineScene(engine, {
      splits,
      at: (step) => {
        const [, split] = /^read (\d+) from 0$/.exec(step) ?? [];
        const known = entries().some((entry) => entry.kind === 'splitFound' && String(entry.split) === split);
        if (split !== undefined && !known) unknown.push(split);
      },
    });
    await copy();
    ensure(unknown.length === 0, `splits ${unknown.join(', ')} are read before the journal has them`);
  },
};

export const splitsGoOn: InvariantCheck = {
  id: 'E2-resume',
  title: 'A run that goes on is not planned again, and asks for the splits behind those that the journal has.',
  async run(engine) {
    let isBroken = true;
    const { source, disk, copy } = engineScene(engine, {
      splits,
      at: (step) => {
        if (isBroken && step === 'split 2') throw new SluiceError('REMOTE_UNAVAILABLE', 'not just now');
      },
    });
    await failureUnless(copy(), 'a run succeeds although its source finds no more splits');
    isBroken = false;
    const before = source.steps.length;
    await copy();
    const asked = source.steps.slice(before).filter((step) => /^(plan|splits)/.test(step));
    ensure(
      JSON.stringify(publishedRows(disk)) === JSON.stringify(splits.flat()),
      `gone on with, a run has ${publishedRows(disk).length} rows instead of ${splits.flat().length}`,
    );
    ensure(asked.join() === 'splits after 1', `gone on with, a run asks for ${asked.join(', ')}`);
  },
};

export const splitsLost: InvariantCheck = {
  id: 'E7-splits',
  title: 'A source that fails while it finds splits is never taken to have found all of them.',
  async run(engine) {
    const { copy } = engineScene(engine, {
      splits,
      at: (step) => {
        if (step === 'split 1') throw new SluiceError('REMOTE_UNAVAILABLE', 'not just now');
      },
    });
    const failure = await failureUnless(copy(), 'a run succeeds without the splits that its source failed to find');
    ensure(
      SluiceError.is(failure) && failure.code === 'REMOTE_UNAVAILABLE',
      `a source that finds no more splits fails the run with ${told(failure)}`,
    );
  },
};

function cutAt(...places: readonly string[]): (step: string) => void {
  const left = new Set(places);
  return (step) => {
    if (left.delete(step)) throw new SluiceError('CONNECTION_LOST', 'cut');
  };
}

export const readOn: InvariantCheck = {
  id: 'E3',
  title:
    'Reading that is cut goes on behind the last rows that were delivered, with positions and without, each row once.',
  async run(engine) {
    for (const positions of [true, false]) {
      const { disk, copy } = engineScene(engine, {
        splits: splitsOf(23),
        positions,
        at: cutAt('deliver 0 at 8', 'deliver 0 at 16'),
      });
      await copy();
      const ids = publishedRows(disk).map(({ id }) => id);
      const expected = splitsOf(23)
        .flat()
        .map(({ id }) => id);
      ensure(
        ids.join() === expected.join(),
        `cut at rows 8 and 16 ${positions ? 'with' : 'without'} positions, the rows are ${ids.join(' ')}`,
      );
    }
  },
};
