import { describe, expect, it } from 'vitest';

import type { Progress } from '../../src/engine/progress.ts';
import type { RunEvent } from '../../src/engine/run-events.ts';
import { SluiceError } from '../../src/error/sluice-error.ts';
import { failureOf } from '../thrown.ts';
import { crashJournal } from './crash.ts';
import { splitsOf } from './row-batches.ts';
import { scene, type Scene } from './scene.ts';

interface Watched {
  readonly events: readonly RunEvent[];
  readonly progress: readonly Progress[];
  /** What streams said besides values. */
  readonly ends: readonly string[];
  readonly outcome: unknown;
}

/** Watches a run from right behind its start to its end. */
async function watch(
  { start, clock }: Pick<Scene, 'start' | 'clock'>,
  options: Parameters<Scene['start']>[0] = {},
): Promise<Watched> {
  const events: RunEvent[] = [];
  const progress: Progress[] = [];
  const ends: string[] = [];
  const observer = (name: string) => ({
    error: () => ends.push(`${name} failed`),
    complete: () => ends.push(`${name} completed`),
  });
  const run = start(options);
  run.events$.subscribe({ next: (event) => events.push(event), ...observer('events') });
  run.progress$.subscribe({ next: (one) => progress.push(one), ...observer('progress') });
  const outcome = await failureOf(clock.settle(run));
  return { events, progress, ends, outcome };
}

const splits = splitsOf(4, 4);

describe('events', () => {
  it('tell a run from its plan to its end, and complete', async () => {
    const { events, ends } = await watch(scene({ splits, plan: { estimate: { rows: 8 } } }), { parallelism: 1 });

    expect(events.map(({ kind }) => kind)).toEqual([
      'planned',
      'splitFound',
      'partPrepared',
      'splitDone',
      'splitFound',
      'partPrepared',
      'splitDone',
      'splitsEnd',
      'partCommitted',
      'partCommitted',
      'ended',
    ]);
    expect(events[0]).toEqual({ kind: 'planned', source: 'numbers', sink: 'disk', estimate: { rows: 8 } });
    expect(events.at(-1)).toEqual({ kind: 'ended', end: 'committed', leftBehind: [] });
    expect(ends.toSorted()).toEqual(['events completed', 'progress completed']);
  });

  it.each([
    ['fails', {}, { at: (step: string) => (step === 'commit 2' ? Promise.reject(new Error('oops')) : undefined) }],
    ['is cancelled before it starts', { signal: AbortSignal.abort(new Error('enough')) }, {}],
    ['cannot start', { parallelism: 0 }, {}],
  ])('complete without an error when the run %s', async (_, options, sink) => {
    const { ends, outcome } = await watch(scene({ splits }, sink), options);

    expect(outcome).toBeInstanceOf(Error);
    expect(ends.toSorted()).toEqual(['events completed', 'progress completed']);
  });

  it('end with what becomes of a failed run, once', async () => {
    const at = (step: string): unknown => (step === 'commit 2' ? Promise.reject(new Error('oops')) : undefined);
    const { events } = await watch(scene({ splits }, { at }));

    expect(events.filter(({ kind }) => kind === 'ended')).toEqual([
      { kind: 'ended', end: 'abandoned', leftBehind: [] },
    ]);
  });

  it('of a run that has settled are over', async () => {
    const { start, clock } = scene({ splits });
    const run = start();
    await clock.settle(run);
    const seen: string[] = [];

    run.events$.subscribe({ next: () => seen.push('event'), complete: () => seen.push('complete') });
    run.progress$.subscribe({ next: () => seen.push('progress'), complete: () => seen.push('complete') });

    expect(seen).toEqual(['complete', 'complete']);
  });

  it('carry what plugins say they do', async () => {
    const at = (step: string, ctx: { readonly status: (text: string) => void } | undefined): void => {
      if (step === 'plan') ctx!.status('describing');
    };
    const { events } = await watch(scene({ splits, at }));

    expect(events[0]).toEqual({ kind: 'status', plugin: 'numbers', text: 'describing' });
  });
});

describe('progress', () => {
  it('ends with all there was', async () => {
    const { progress } = await watch(
      scene({ splits, reject: ({ id }) => (id === 1 ? 'no' : undefined), plan: { estimate: { rows: 8 } } }),
      { maxRejects: 1 },
    );

    expect(progress.at(-1)).toMatchObject({
      phase: 'ended',
      rows: 8,
      rejectedRows: 1,
      splitsFound: 2,
      splitsInAll: 2,
      splitsDone: 2,
      partsPrepared: 2,
      partsCommitted: 2,
      estimate: { rows: 8 },
    });
    expect(progress.at(-1)!.batchBytes).toBeGreaterThan(0);
  });

  it('goes through the phases, each told at once', async () => {
    const { progress } = await watch(scene({ splits }));

    expect([...new Set(progress.map(({ phase }) => phase))]).toEqual(['planning', 'copying', 'committing', 'ended']);
  });

  it.each([30, 100, 1000])('is told no oftener than every 100 ms: %i ms a delivery', async (deliveryMs) => {
    const one = scene({
      splits: splitsOf(80),
      at: (step) => (step.startsWith('deliver ') ? one.clock.advance(deliveryMs) : undefined),
    });

    const { progress } = await watch(one);

    const copying = progress.filter(({ phase }) => phase === 'copying').map(({ elapsedMs }) => elapsedMs);
    const gaps = copying.slice(1).map((ms, i) => ms - copying[i]!);
    expect(gaps.length).toBeGreaterThan(3);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
  });

  it('tells all that was read, although nothing follows', async () => {
    const { promise: isTold, resolve } = Promise.withResolvers<void>();
    const one = scene({ splits: splitsOf(8), at: (step) => (step === 'deliver 0 at 4' ? isTold : undefined) });
    const run = one.start({ parallelism: 1, prefetch: 1 });
    run.progress$.subscribe(({ rows }) => (rows >= 4 ? resolve() : undefined));

    const receipt = await one.clock.settle(run);

    expect(receipt.readRows).toBe(8);
    expect(one.clock.pending).toBe(0);
  });

  it('tells the rows of parts under way, and takes them back when a part is written anew', async () => {
    let fails = 1;
    const one = scene(
      { splits: splitsOf(20), at: (step) => (step.startsWith('deliver ') ? one.clock.advance(200) : undefined) },
      {
        at: (step) => {
          if (step === 'prepare 0/0' && fails-- > 0) throw new SluiceError('CONNECTION_LOST', 'cut');
        },
      },
    );

    const { progress } = await watch(one);

    const rows = progress.map((told) => told.rows);
    expect(rows.some((count, i) => i > 0 && count < rows[i - 1]!)).toBe(true);
    expect(rows.at(-1)).toBe(20);
  });

  it('counts rows a second over the last seconds', async () => {
    const one = scene({
      splits: splitsOf(400),
      at: (step) => (step.startsWith('deliver ') ? one.clock.advance(200) : undefined),
    });

    const { progress } = await watch(one);

    const late = progress.filter(({ phase, elapsedMs }) => phase === 'copying' && elapsedMs > 8000);
    expect(late.length).toBeGreaterThan(10);
    for (const { rowsPerSecond } of late) expect(rowsPerSecond).toBeCloseTo(20, 0);
  });

  it('of a resumed run begins with what there was, and its speed does not', async () => {
    let fails = 1;
    const one = scene(
      { splits: splitsOf(6, 6) },
      {
        part: { rows: 3 },
        writers: 1,
        at: (step) => (step === 'prepare 1/1' && fails-- > 0 ? Promise.reject(new Error('oops')) : undefined),
      },
      { id: 'a', journal: crashJournal(new Map()) },
    );
    await failureOf(one.copy());

    const { progress } = await watch(one);

    expect(progress[0]).toMatchObject({
      rows: 9,
      rowsPerSecond: 0,
      splitsFound: 2,
      splitsDone: 1,
      partsPrepared: 3,
      partsCommitted: 0,
    });
    expect(progress.at(-1)).toMatchObject({ rows: 12, splitsDone: 2, partsPrepared: 4, partsCommitted: 4 });
  });
});
