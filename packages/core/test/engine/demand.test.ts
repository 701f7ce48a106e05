import { describe, expect, it } from 'vitest';

import { read } from '../../src/engine/read.ts';
import { memorySource } from './memory-source.ts';
import { splitsOf } from './row-batches.ts';
import { scene } from './scene.ts';
import { idle } from './virtual-clock.ts';

const splits = splitsOf(40, 40, 40, 40, 40);

/** Resolves never, until it is let go. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, open: resolve };
}

describe('a sink that stops', () => {
  it.each([
    { writers: 1, parallelism: 1, prefetch: 0 },
    { writers: 1, parallelism: 4, prefetch: 1 },
    { writers: 1, parallelism: 3, prefetch: 4 },
    { writers: 4, parallelism: 1, prefetch: 1 },
    { writers: 4, parallelism: 4, prefetch: 0 },
    { writers: 4, parallelism: 4, prefetch: 1 },
    { writers: 2, parallelism: 4, prefetch: 2 },
  ])(
    'stops the source: $writers writers, parallelism $parallelism, prefetch $prefetch',
    async ({ writers, ...flow }) => {
      const stop = gate();
      const { source, start } = scene(
        { splits },
        { writers, at: (step) => (step.startsWith('write ') ? stop.promise : undefined) },
      );
      const run = start(flow);
      await idle();
      const stopped = source.deliveries;
      await idle();

      const later = source.deliveries;
      stop.open();
      await run;

      const bound = flow.parallelism * (flow.prefetch + 1);
      expect(stopped).toBeGreaterThan(0);
      expect(stopped).toBeLessThanOrEqual(bound);
      expect(later).toBe(stopped);
      expect(source.deliveries).toBe(50);
    },
  );

  it('at the end of a part stops the source as well', async () => {
    const stop = gate();
    const { source, start } = scene(
      { splits },
      { writers: 1, part: { rows: 8 }, at: (step) => (step === 'prepare 0/1' ? stop.promise : undefined) },
    );
    const run = start({ parallelism: 2, prefetch: 1 });
    await idle();

    const stopped = source.deliveries;
    stop.open();
    await run;

    // Four are in the parts so far, and one more had to be seen to know that the second ends.
    expect(stopped).toBeLessThanOrEqual(4 + 1 + 1 + 2);
  });

  it('opens no split beyond the parallelism', async () => {
    const stop = gate();
    const { source, start } = scene(
      { splits },
      { writers: 1, at: (step) => (step.startsWith('write ') ? stop.promise : undefined) },
    );
    const run = start({ parallelism: 2 });
    await idle();

    const open = source.openReads;
    stop.open();
    await run;

    expect(open).toBe(2);
    expect(source.openReads).toBe(0);
  });
});

describe('a reader that stops', () => {
  it.each([
    { parallelism: 1, prefetch: 0 },
    { parallelism: 4, prefetch: 1 },
    { parallelism: 2, prefetch: 3 },
  ])('stops the source: parallelism $parallelism, prefetch $prefetch', async (flow) => {
    const source = memorySource({ splits });
    const batches = read(source, flow)[Symbol.asyncIterator]();
    await batches.next();
    await idle();
    const first = source.deliveries;
    await batches.next();
    await idle();

    const second = source.deliveries;
    await batches.return?.();

    const bound = flow.parallelism * (flow.prefetch + 1);
    expect(first).toBeLessThanOrEqual(bound);
    expect(second).toBeLessThanOrEqual(bound + 1);
    expect(source.openReads).toBe(0);
  });

  it('before its first batch has nothing started', async () => {
    const source = memorySource({ splits });
    const batches = read(source)[Symbol.asyncIterator]();
    await idle();

    await batches.return?.();

    expect(source.steps).toEqual([]);
  });
});
