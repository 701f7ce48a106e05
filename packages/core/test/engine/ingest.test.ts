import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, inject, it, vi } from 'vitest';

import { SluiceError } from '../../src/error/sluice-error.ts';
import { tempFolder } from '../temp-folder.ts';
import { failureOf } from '../thrown.ts';
import type { Fate } from './ingest-org.ts';
import { fates, ingestScene } from './ingest-scene.ts';
import { rowsOfSplit, splitsOf, type TestRow } from './row-batches.ts';
import { scene } from './scene.ts';

describe('rows that a sink refuses as retryable', () => {
  it('go again until they are taken, as parts of their own', async () => {
    const { copy, org, sink } = ingestScene(
      fates({ 2: { locked: 1 }, 5: { locked: 2 }, 7: 'refused' }),
      { splits: splitsOf(10) },
      { part: { rows: 5 } },
    );

    const receipt = await copy();

    expect(receipt).toMatchObject({ readRows: 10, writtenRows: 9, rejectedRows: 1, retriedRows: 3, parts: 5 });
    expect(org.taken.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 8, 9]);
    const prepared = sink.steps.filter((step) => step.startsWith('prepare'));
    expect(prepared.toSorted()).toEqual([
      'prepare 0/0',
      'prepare 0/0/1',
      'prepare 0/1',
      'prepare 0/1/1',
      'prepare 0/1/2',
    ]);
  });

  it('are rejected like others when they have gone as often as they may', async () => {
    const { copy, org } = ingestScene(fates({ 1: { locked: 3 }, 2: { locked: 2 } }), { splits: splitsOf(4) });

    const receipt = await copy({ rowAttempts: 3 });

    expect(receipt).toMatchObject({ writtenRows: 3, rejectedRows: 1, retriedRows: 4 });
    expect(receipt.rejects).toMatchObject([{ code: 'ROW_LOCKED', message: 'refused 1', firstSplit: 0, firstRow: 1 }]);
    expect(org.taken).toEqual([0, 3, 2]);
  });

  it('go again not at all when they have one attempt', async () => {
    const { copy, sink } = ingestScene(fates({ 1: { locked: 1 } }), { splits: splitsOf(4) });

    const receipt = await copy({ rowAttempts: 1 });

    expect(receipt).toMatchObject({ rejectedRows: 1, retriedRows: 0 });
    expect(sink.steps.filter((step) => step.startsWith('writer'))).toEqual(['writer 0/0']);
  });

  it('never overtake a later row of a sink with one writer', async () => {
    const { copy, org, sink } = ingestScene(
      fates({ 0: { locked: 2 }, 4: { locked: 1 } }),
      { splits: splitsOf(6, 3) },
      { writers: 1, part: { rows: 2 } },
    );

    await copy();

    expect(org.taken).toEqual([1, 0, 2, 3, 5, 4, 10_000, 10_001, 10_002]);
    expect(sink.peakParts).toBe(1);
  });

  it('go again too when the writer refuses them, and only once the part is committed', async () => {
    const { copy, org, sink } = ingestScene(
      fates({}),
      { splits: splitsOf(4), reject: ({ id }) => (id === 0 ? 'unreadable' : undefined) },
      { refuse: ({ id }, attempt) => (id === 2 && attempt < 2 ? { retryable: true } : undefined) },
    );

    const receipt = await copy();

    expect(receipt).toMatchObject({ writtenRows: 3, rejectedRows: 1, retriedRows: 2 });
    expect(org.taken).toEqual([1, 3, 2]);
    expect(sink.steps.indexOf('closed 0/0')).toBeLessThan(sink.steps.indexOf('writer 0/0/1'));
  });

  it('are told of as they go', async () => {
    const { copy } = ingestScene(fates({ 1: { locked: 1 } }), { splits: splitsOf(4) });
    const told: unknown[] = [];
    const run = copy();
    run.events$.subscribe((event) => {
      if (event.kind === 'partCommitted') told.push([event.part, event.writtenRows, event.retryRows]);
      if (event.kind === 'retry') told.push(event.what);
    });
    const progress: number[] = [];
    run.progress$.subscribe(({ rows }) => progress.push(rows));

    await run;

    expect(told).toEqual([
      [{ split: 0, part: 0 }, 3, 1],
      'write 1 rows of part 0 of split 0',
      [{ split: 0, part: 0, retry: 1 }, 1, 0],
    ]);
    expect(Math.max(...progress)).toBe(4);
  });

  it('make a writer break its contract that is full with fewer of them than it had before', async () => {
    const { copy, sink } = ingestScene(fates({ 1: { locked: 1 }, 2: { locked: 1 } }), {
      splits: splitsOf(9),
      deliveryRows: 2,
    });
    const to = {
      ...sink,
      writer: async (...args: Parameters<typeof sink.writer>) => {
        const writer = await sink.writer(...args);
        const isRetry = args[2].retry !== undefined;
        return {
          ...writer,
          write: async (batch: Parameters<typeof writer.write>[0]) => ({
            ...(await writer.write(batch)),
            ...(isRetry ? { full: true as const } : {}),
          }),
        };
      },
    };

    expect(await failureOf(copy({ to }))).toMatchObject({
      code: 'CONTRACT_BROKEN',
      message: expect.stringMatching(/is full with 1 rows/),
    });
  });
});

const fateOfRow = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Fate>('taken') },
  fc.constant<Fate>('refused'),
  fc.integer({ min: 1, max: 6 }).map((locked): Fate => ({ locked })),
);

describe('a run into an org', () => {
  it('brings every row there once, or rejects it, whatever fails on the way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fateOfRow, { maxLength: 15 }), { maxLength: 3 }),
        fc.record({ writers: fc.constantFrom(1, 3), rows: fc.integer({ min: 1, max: 7 }) }),
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
        async (fatesOf, { writers, rows }, deliveryRows, chances) => {
          const fateOf = ({ id }: TestRow): Fate => fatesOf[Math.floor(id / 10_000)]![id % 10_000]!;
          const splits = fatesOf.map((split, ordinal) => rowsOfSplit(ordinal, split.length));
          const { copy, org } = ingestScene(
            fateOf,
            { splits, deliveryRows },
            {
              writers,
              part: { rows },
              at: (step) => {
                const mayFail = /^(writer|write|prepare|commit|closed) /.test(step);
                if (mayFail && chances.next().value === 0) throw new SluiceError('CONNECTION_LOST', 'cut');
              },
            },
          );

          const receipt = await copy({ retry: { baseMs: 0, attempts: 100 } });

          const isTaken = (row: TestRow): boolean => {
            const fate = fateOf(row);
            return fate === 'taken' || (typeof fate === 'object' && fate.locked < 5);
          };
          const expected = splits.flat().filter(isTaken);
          expect(org.taken.toSorted((a, b) => a - b)).toEqual(expected.map(({ id }) => id));
          expect(receipt.writtenRows).toBe(expected.length);
          expect(receipt.rejectedRows).toBe(receipt.readRows - expected.length);
        },
      ),
      { seed: inject('seed'), numRuns: 40 },
    );
  });
});

describe('parts of a sink that commits each of them', () => {
  it('are written while earlier ones are committed, as many at once as there are writers', async () => {
    const first = Promise.withResolvers<void>();
    const { copy, sink } = ingestScene(
      fates({}),
      { splits: splitsOf(10) },
      {
        writers: 3,
        part: { rows: 2 },
        at: async (step) => {
          if (step === 'commit 0/0') await first.promise;
          if (step === 'commit 0/4') first.resolve();
        },
      },
    );

    const receipt = await copy();

    expect(receipt.writtenRows).toBe(10);
    expect(sink.peakParts).toBe(3);
    expect(sink.steps.indexOf('closed 0/3')).toBeLessThan(sink.steps.indexOf('closed 0/0'));
  });

  it('never are more than the writers, however many splits there are', async () => {
    const { copy, sink } = ingestScene(
      fates({}),
      { splits: splitsOf(7, 7, 7, 7, 7) },
      { writers: 2, part: { rows: 2 }, at: () => new Promise((resolve) => setImmediate(resolve)) },
    );

    await copy({ parallelism: 8 });

    expect(sink.peakParts).toBe(2);
  });

  it('end the run when one of them cannot be committed', async () => {
    const { copy, source } = ingestScene(
      fates({}),
      { splits: splitsOf(400) },
      {
        part: { rows: 2 },
        at: (step) => {
          if (step === 'commit 0/1') throw new SluiceError('JOB_FAILED', 'the job failed');
        },
      },
    );

    expect(await failureOf(copy())).toMatchObject({ code: 'JOB_FAILED' });
    expect(source.deliveries).toBeLessThan(20);
  });
});

describe('rows that are kept', () => {
  it('are what a part is written from again, so that the source is not asked twice', async () => {
    let fails = 3;
    const { copy, source, org } = ingestScene(
      fates({}),
      { splits: splitsOf(20), deliveryRows: 3, changes: () => 1, reject: ({ id }) => (id === 4 ? 'no' : undefined) },
      {
        part: { rows: 10 },
        at: (step) => {
          if (/^(write 0\/0 1|prepare 0\/1|writer 0\/0)$/.test(step) && fails-- > 0) {
            throw new SluiceError('CONNECTION_LOST', 'cut');
          }
        },
      },
    );

    const receipt = await copy();

    expect(receipt).toMatchObject({ readRows: 20, writtenRows: 19, rejectedRows: 1 });
    expect(receipt.changes).toEqual([{ column: 'text', change: 'rounded', values: 19 }]);
    expect(org.taken.toSorted((a, b) => a - b)).toHaveLength(19);
    expect(source.steps.filter((step) => step.startsWith('read'))).toEqual(['read 0 from 0']);
    expect(fails).toBeLessThan(1);
  });

  it('leave nothing behind in the folder of temporary files', async () => {
    await using temporary = await temporaryFiles();
    const { copy } = ingestScene(fates({ 3: { locked: 1 } }), { splits: splitsOf(9) }, { part: { rows: 2 } });
    const failing = ingestScene(fates({}), { splits: splitsOf(9) }, { at: failAt('prepare 0/0') });

    await copy();
    await failureOf(failing.copy());

    expect(temporary.names()).toEqual([]);
  });

  it('are the owner’s alone, and gone with the part', async () => {
    await using temporary = await temporaryFiles();
    const kept: string[] = [];
    const { copy } = ingestScene(
      fates({}),
      { splits: splitsOf(6) },
      {
        writers: 1,
        part: { rows: 2 },
        at: (step) => {
          if (!step.startsWith('commit')) return;
          kept.push(temporary.names().join());
          expect(temporary.modes()).toEqual([0o700, 0o600]);
        },
      },
    );

    await copy();

    expect(kept).toEqual(
      [0, 1, 2].map((part) => expect.stringMatching(`^sluice-rows-(\\w+),sluice-rows-\\1/0-${part}.rows$`)),
    );
  });

  it('are not kept for a sink that asks for none', async () => {
    await using temporary = await temporaryFiles();
    const kept: (readonly string[])[] = [];
    const { copy } = scene({}, { commit: 'part', at: () => kept.push(temporary.names()) });

    await copy();

    expect(kept.flat()).toEqual([]);
  });
});

/** Where the process has its temporary files, for as long as it is not disposed of. */
async function temporaryFiles() {
  const folder = await tempFolder();
  vi.stubEnv('TMPDIR', folder.path);
  return {
    // At once, since virtual time knows nothing of files.
    names: () => readdirSync(folder.path, { recursive: true, encoding: 'utf8' }),
    modes: () =>
      readdirSync(folder.path, { recursive: true, encoding: 'utf8' }).map(
        (name) => statSync(join(folder.path, name)).mode & 0o777,
      ),
    async [Symbol.asyncDispose]() {
      vi.unstubAllEnvs();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function failAt(where: string) {
  return (step: string): void => {
    if (step === where) throw new SluiceError('REMOTE_REFUSED', 'no');
  };
}
