import type { PreparedPart } from '../../../src/contract/sink.ts';
import { SluiceError } from '../../../src/error/sluice-error.ts';
import { publishedRows } from '../../engine/memory-disk.ts';
import { splitsOf } from '../../engine/row-batches.ts';
import { engineScene } from '../engine-scene.ts';
import { ensure, failureUnless, type InvariantCheck, told } from '../invariant-check.ts';

const splits = splitsOf(9, 9, 9);

function nameOf({ part: { split, part } }: Pick<PreparedPart, 'part'>): string {
  return `${split}/${part}`;
}

export const committedOnce: InvariantCheck = {
  id: 'E6',
  title: 'A sink that commits at the end commits once, all parts, in their order, when every split is written.',
  async run(engine) {
    const commits: string[][] = [];
    let early = false;
    const { source, sink, copy } = engineScene(engine, { splits }, { part: { rows: 4 } });
    const to = {
      ...sink,
      commit(...args: Parameters<typeof sink.commit>) {
        commits.push(args[2].map(nameOf));
        if (source.openReads > 0) early = true;
        return sink.commit(...args);
      },
    };
    await copy({ to });
    const all = [0, 1, 2].flatMap((split) => [0, 1, 2].map((part) => `${split}/${part}`));
    ensure(!early, 'it commits while splits are read');
    ensure(commits.length === 1, `it commits ${commits.length} times`);
    ensure(commits[0]?.join() === all.join(), `it commits parts ${commits[0]?.join(' ')}`);
  },
};

export const failureCommitsNothing: InvariantCheck = {
  id: 'E6-failed',
  title: 'A run that fails before its commit commits nothing where the sink commits at the end.',
  async run(engine) {
    const { disk, copy } = engineScene(
      engine,
      {
        splits,
        at: (step) => {
          if (step === 'deliver 2 at 4') throw new SluiceError('REMOTE_REFUSED', 'no');
        },
      },
      { part: { rows: 4 } },
    );
    await failureUnless(copy(), 'a run succeeds without all rows');
    ensure(disk.published.length === 0, `a run that fails publishes ${publishedRows(disk).length} rows`);
  },
};

export const journalFirst: InvariantCheck = {
  id: 'E9-journal',
  title:
    'A part is committed when the journal has it as prepared, and becomes committed there when its results are in.',
  async run(engine) {
    const early: string[] = [];
    const { sink, entries, copy } = engineScene(engine, { splits }, { part: { rows: 4 }, commit: 'part' });
    const has = (kind: 'partPrepared' | 'partCommitted', name: string): boolean =>
      entries().some((entry) => entry.kind === kind && nameOf(entry) === name);
    const to = {
      ...sink,
      async *commit(...args: Parameters<typeof sink.commit>) {
        for (const name of args[2].map(nameOf)) {
          if (!has('partPrepared', name)) early.push(`${name} is committed before the journal has it as prepared`);
          if (has('partCommitted', name)) early.push(`${name} is committed in the journal before it is`);
        }
        yield* sink.commit(...args);
      },
    };
    await copy({ to });
    ensure(early.length === 0, `part ${early[0]}`);
  },
};

export const commitRepeated: InvariantCheck = {
  id: 'E9-commit',
  title: 'A commit that fails in a way that may pass is repeated, and what became of a part is taken once.',
  async run(engine) {
    let failures = 2;
    const { disk, copy } = engineScene(
      engine,
      { splits },
      {
        part: { rows: 4 },
        at: (step) => {
          if (step === 'result 1/1' && failures-- > 0) throw new SluiceError('REMOTE_UNAVAILABLE', 'not just now');
        },
      },
    );
    const counted = await copy().then(
      ({ writtenRows }) => `counts ${writtenRows} rows of 27`,
      (error: unknown) => `ends the run with ${told(error)}`,
    );
    ensure(counted === 'counts 27 rows of 27', `a commit that is cut twice ${counted}`);
    ensure(
      publishedRows(disk).length === 27,
      `a commit that is cut twice leaves ${publishedRows(disk).length} rows of 27`,
    );
  },
};

export const memoFirst: InvariantCheck = {
  id: 'E9-memo',
  title: 'What a plugin remembers is in the journal when `memo.set` has resolved, and there for the run that goes on.',
  async run(engine) {
    const remembered: unknown[] = [];
    let isKept = false;
    const { entries, copy } = engineScene(
      engine,
      { splits },
      {
        at: async (step, ctx) => {
          if (step !== 'writer 0/0') return;
          remembered.push(ctx!.memo.get('job'));
          if (remembered.length > 1) return;
          await ctx!.memo.set('job', 'a');
          isKept = entries().some((entry) => entry.kind === 'memo' && entry.key === 'job');
          throw new SluiceError('REMOTE_REFUSED', 'no');
        },
      },
    );
    await failureUnless(copy(), 'a run whose sink fails succeeds');
    await copy();
    ensure(isKept, 'a memo is set, and the journal does not have it');
    ensure(remembered.at(-1) === 'a', `the writer of a run that goes on remembers ${String(remembered.at(-1))}`);
  },
};
