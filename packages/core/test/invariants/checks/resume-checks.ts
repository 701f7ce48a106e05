import type { CopyOptions } from '../../../src/engine/copy.ts';
import { SluiceError } from '../../../src/error/sluice-error.ts';
import { memoryJournal } from '../../../src/journal/memory-journal.ts';
import { crashJournal, type Death, diskOf, type JournalTexts, newProcess } from '../../engine/crash.ts';
import { inOrder, type MemoryDisk, memoryDisk } from '../../engine/memory-disk.ts';
import { memorySink, type MemorySinkOptions } from '../../engine/memory-sink.ts';
import { memorySource, type MemorySourceOptions } from '../../engine/memory-source.ts';
import { rowsOfSplit, splitsOf } from '../../engine/row-batches.ts';
import { settledReceipt } from '../../engine/settled-receipt.ts';
import { idle } from '../../engine/virtual-clock.ts';
import { engineScene } from '../engine-scene.ts';
import type { Engine } from '../engine.ts';
import { ensure, failureUnless, type InvariantCheck, told } from '../invariant-check.ts';

type Flow = Pick<MemorySinkOptions, 'commit' | 'writers'> & Pick<MemorySourceOptions, 'positions'>;

const FLOWS: readonly Flow[] = [
  { commit: 'end', writers: 1, positions: true },
  { commit: 'part', writers: 3, positions: false },
];

function settings({ positions = true, ...sink }: Flow, disk: MemoryDisk): CopyOptions {
  return {
    from: memorySource({ splits: splitsOf(7, 0, 5), positions, deliveryRows: 3 }),
    to: memorySink({ ...sink, disk, part: { rows: 2 } }),
    id: 'run',
  };
}

/** Dies there, is resumed by a process that has nothing but the journal and the disk, and ends. */
async function ended(engine: Engine, flow: Flow, death?: Death) {
  const disk = memoryDisk();
  const texts: JournalTexts = new Map();
  if (death !== undefined) {
    const process = newProcess();
    void engine.copy({ ...settings(flow, diskOf(disk, process)), journal: crashJournal(texts, process, death) });
    await idle();
  }
  const receipt = await engine.copy({ ...settings(flow, disk), journal: crashJournal(texts) });
  const content = JSON.stringify([settledReceipt(receipt), inOrder(disk.published)]);
  return { content, entries: texts.get('run')!.length, rows: receipt.writtenRows };
}

export const killedAnywhere: InvariantCheck = {
  id: 'E9',
  title: 'A run whose process dies before or after any entry of its journal ends, resumed, as an undisturbed one.',
  async run(engine) {
    for (const flow of FLOWS) {
      const whole = await ended(engine, flow);
      for (const when of ['before', 'after'] as const) {
        for (let append = 0; append < whole.entries; append++) {
          const where = `killed ${when} entry ${append + 1} of ${whole.entries}`;
          const { content, rows } = await ended(engine, flow, { append, when }).catch((error: unknown) =>
            failedBy(where, error),
          );
          ensure(
            content === whole.content,
            `${where} and resumed, a run ends otherwise, with ${rows} rows written of ${whole.rows}`,
          );
        }
      }
    }
  },
};

function failedBy(where: string, error: unknown): never {
  ensure(false, `${where} and resumed, a run ends in ${told(error)}`);
}

/** A run whose process dies when two parts are prepared, and goes on with a source that may have changed. */
async function replayed(engine: Engine, changedRow: number | undefined) {
  const rows = rowsOfSplit(0, 20);
  const process = newProcess();
  const reading = { positions: false, deliveryRows: 3 };
  const { sink, texts, start, copy } = engineScene(
    engine,
    { ...reading, splits: [rows] },
    { writers: 1, part: { rows: 4 } },
  );
  void start({
    journal: crashJournal(texts, process),
    to: {
      ...sink,
      async writer(...args) {
        if (args[2].part === 2) process.die();
        return await sink.writer(...args);
      },
    },
  });
  await idle();
  const before = sink.steps.length;
  const changed = rows.map((row, i) => (i === changedRow ? { ...row, text: 'changed' } : row));
  const work = copy({ from: memorySource({ ...reading, splits: [changed] }) });
  return { work, written: () => sink.steps.slice(before).filter((step) => step.startsWith('write')) };
}

export const replayCompared: InvariantCheck = {
  id: 'E9-replay',
  title:
    'Rows that pass once more are compared with what they were, and other ones fail the run before more is written.',
  async run(engine) {
    await (
      await replayed(engine, undefined)
    ).work;
    const { work, written } = await replayed(engine, 5);
    const failure = await failureUnless(work, 'a run goes on over rows that have changed');
    ensure(written().length === 0, 'rows are written behind rows that have changed');
    ensure(
      SluiceError.is(failure) && failure.code === 'SOURCE_CHANGED',
      `rows that have changed fail the run with ${told(failure)}`,
    );
  },
};

export const finishedOnce: InvariantCheck = {
  id: 'E9-finished',
  title: 'The id of a finished run gives its receipt again, and does nothing.',
  async run(engine) {
    const { source, sink, copy } = engineScene(engine);
    const first = await copy();
    const before = [source.steps.length, sink.steps.length] as const;
    const again = await copy();
    const done = [...source.steps.slice(before[0]), ...sink.steps.slice(before[1])].filter(
      (step) => step !== 'dispose',
    );
    ensure(done.length === 0, `a finished run asks for ${done.slice(0, 3).join(', ')} once more`);
    ensure(JSON.stringify(first) === JSON.stringify(again), 'a finished run gives another receipt the second time');
  },
};

export const sameConfiguration: InvariantCheck = {
  id: 'E9-mismatch',
  title: 'A run goes on with the configuration it began with, and with no other.',
  async run(engine) {
    let isBroken = true;
    const { sink, copy } = engineScene(
      engine,
      { config: { table: 'a' } },
      {
        at: (step) => {
          if (isBroken && step === 'prepare 0/0') throw new SluiceError('REMOTE_REFUSED', 'no');
        },
      },
    );
    await failureUnless(copy(), 'a run whose sink fails succeeds');
    isBroken = false;
    const before = sink.steps.length;
    const from = memorySource({ splits: splitsOf(3), config: { table: 'b' } });
    const failure = await failureUnless(copy({ from }), 'a run goes on with another configuration');
    ensure(
      SluiceError.is(failure) && failure.code === 'RUN_MISMATCH',
      `another configuration fails the run with ${told(failure)}`,
    );
    ensure(sink.steps.slice(before).join() === 'dispose', 'with another configuration, the sink is asked');
  },
};

export const heldByOne: InvariantCheck = {
  id: 'E9-lock',
  title: 'A run is held by one copy at a time.',
  async run(engine) {
    const journal = memoryJournal();
    const { promise, resolve: release } = Promise.withResolvers<void>();
    const one = engineScene(engine, {}, { at: (step) => (step === 'prepare 0/0' ? promise : undefined) }, { journal });
    const two = engineScene(engine, {}, {}, { journal });
    const run = one.start();
    await idle();
    const failure = await failureUnless(two.copy(), 'a run that is under way is run by a second copy').finally(release);
    await run;
    ensure(
      SluiceError.is(failure) && failure.code === 'RUN_LOCKED',
      `a second copy of a run under way fails with ${told(failure)}`,
    );
  },
};
