import type { CopyOptions } from '../../../src/engine/copy.ts';
import type { MemorySinkOptions } from '../../engine/memory-sink.ts';
import { memorySource } from '../../engine/memory-source.ts';
import { splitsOf } from '../../engine/row-batches.ts';
import { idle } from '../../engine/virtual-clock.ts';
import { engineScene } from '../engine-scene.ts';
import type { Engine } from '../engine.ts';
import { ensure, type InvariantCheck } from '../invariant-check.ts';

const splits = splitsOf(40, 40, 40, 40, 40, 40);

/** A run whose sink takes no batch, when everything else has come to rest. */
async function stalledRun(engine: Engine, to: Partial<MemorySinkOptions>, options: Partial<CopyOptions>) {
  const { promise, resolve: release } = Promise.withResolvers<void>();
  const at = (step: string): unknown => (step.startsWith('write ') ? promise : undefined);
  const { source, sink, start } = engineScene(engine, { splits }, { ...to, at });
  const run = start(options);
  await idle();
  await idle();
  const found = { deliveries: source.deliveries, reads: source.openReads, writers: sink.openWriters };
  release();
  // What becomes of it is for other checks.
  await run.catch(() => {});
  return found;
}

export const demandDriven: InvariantCheck = {
  id: 'E4',
  title: 'While the sink takes nothing, no more batches are read than `parallelism x (prefetch + 1)`.',
  async run(engine) {
    for (const [writers, parallelism, prefetch] of [
      [1, 3, 2],
      [4, 4, 0],
      [4, 2, 1],
    ] as const) {
      const { deliveries } = await stalledRun(engine, { writers }, { parallelism, prefetch });
      const most = parallelism * (prefetch + 1);
      ensure(deliveries > 0, 'nothing is read ahead of the sink');
      ensure(
        deliveries <= most,
        `a sink that takes nothing is read ahead of by ${deliveries} batches, where ${most} are allowed`,
      );
    }
  },
};

export const splitsAtOnce: InvariantCheck = {
  id: 'E4-splits',
  title: 'No more splits are read at once than `parallelism`, and than the source has connections.',
  async run(engine) {
    const { reads } = await stalledRun(engine, {}, { parallelism: 2 });
    ensure(reads <= 2, `${reads} splits are read at once with a parallelism of 2`);
    let most = 0;
    const { source, copy } = engineScene(engine, {
      splits,
      connections: 1,
      at: () => {
        most = Math.max(most, source.openReads);
      },
    });
    await copy({ parallelism: 4 });
    ensure(most <= 1, `${most} splits are read at once from a source of one connection`);
  },
};

export const writersAtOnce: InvariantCheck = {
  id: 'E4-writers',
  title: 'No more writers are open at once than the sink has.',
  async run(engine) {
    for (const most of [1, 2]) {
      const { writers } = await stalledRun(engine, { writers: most }, { parallelism: 4 });
      ensure(writers <= most, `${writers} writers are open at once of a sink that has ${most}`);
    }
  },
};

export const readerDemand: InvariantCheck = {
  id: 'E4-read',
  title: 'Whoever reads without a sink and takes nothing is read ahead of within the same bound.',
  async run(engine) {
    const source = memorySource({ splits });
    const batches = engine.read(source, { parallelism: 2, prefetch: 1 })[Symbol.asyncIterator]();
    await batches.next();
    await idle();
    await idle();
    const { deliveries } = source;
    await batches.return?.();
    ensure(
      deliveries <= 5,
      `a reader that takes nothing is read ahead of by ${deliveries} batches, where 5 are allowed`,
    );
  },
};
