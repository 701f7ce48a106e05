import * as fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { SluiceError } from '../../src/error/sluice-error.ts';
import { failureOf } from '../thrown.ts';
import { crashJournal, type JournalTexts, newProcess } from './crash.ts';
import { publishedRows } from './memory-disk.ts';
import { memorySource, type MemorySourceOptions } from './memory-source.ts';
import { rowsOfSplit, type TestRow } from './row-batches.ts';
import { scene } from './scene.ts';
import { idle } from './virtual-clock.ts';

const rows = rowsOfSplit(0, 20);

/** A run that dies when so many parts of four rows are prepared, and goes on with rows that may have changed. */
async function interrupted(then: Partial<MemorySourceOptions>, options: Partial<MemorySourceOptions> = {}, parts = 2) {
  const texts: JournalTexts = new Map();
  const process = newProcess();
  const reading = { splits: [rows], positions: false, deliveryRows: 3, ...options };
  const one = scene(reading, { writers: 1, part: { rows: 4 } }, { id: 'a' });
  void one.start({
    journal: crashJournal(texts, process),
    to: {
      ...one.sink,
      async writer(target, schema, part, ...rest) {
        if (part.part === parts) process.die();
        return await one.sink.writer(target, schema, part, ...rest);
      },
    },
  });
  await idle();
  const source = memorySource({ ...reading, ...then });
  const steps = one.sink.steps.length;
  const outcome = await failureOf(one.copy({ journal: crashJournal(texts), from: source }));
  return { outcome, source, disk: one.disk, steps: one.sink.steps.slice(steps) };
}

function changed(row: number): readonly (readonly TestRow[])[] {
  return [rows.map((one, i) => (i === row ? { ...one, text: 'changed' } : one))];
}

describe('a split that is read again from its beginning', () => {
  it('skips the rows that are written', async () => {
    const { outcome, disk } = await interrupted({});

    expect(outcome).toMatchObject({ resolvedWith: { readRows: 20, writtenRows: 20, parts: 5 } });
    expect(publishedRows(disk)).toEqual(rows);
  });

  it.each([0, 3, 4, 7])('fails before anything is sent when row %i is another', async (row) => {
    const { outcome, steps } = await interrupted({ splits: changed(row) });

    expect(outcome).toMatchObject({
      code: 'SOURCE_CHANGED',
      message: `split 0 no longer gives the rows that part ${row < 4 ? 0 : 1} had`,
      hint: expect.stringContaining('Abandon the run'),
    });
    expect(steps.some((step) => step.startsWith('writer'))).toBe(false);
  });

  it('takes other rows behind those that are written', async () => {
    const { disk } = await interrupted({ splits: changed(8) });

    expect(publishedRows(disk)).toEqual(changed(8)[0]);
  });

  it('fails when it has fewer rows than are written', async () => {
    const { outcome } = await interrupted({ splits: [rows.slice(0, 6)] });

    expect(outcome).toMatchObject({ code: 'SOURCE_CHANGED', message: expect.stringContaining('2 rows fewer') });
  });

  it('does not care how the rows are delivered', async () => {
    const { disk } = await interrupted({ deliveryRows: 7 });

    expect(publishedRows(disk)).toEqual(rows);
  });

  it('is checked from its beginning when reading fails while rows are skipped', async () => {
    let fails = 2;
    const { outcome, source, disk } = await interrupted({
      at: (step) => {
        if (step === 'deliver 0 at 6' && fails-- > 0) throw new SluiceError('CONNECTION_LOST', 'cut');
      },
    });

    expect(outcome).toMatchObject({ resolvedWith: { readRows: 20 } });
    expect(source.steps.filter((step) => step === 'read 0 from 0')).toHaveLength(3);
    expect(publishedRows(disk)).toEqual(rows);
  });

  it('is checked with its rejected rows', async () => {
    const reject = ({ id }: TestRow): string | undefined => (id % 4 === 1 ? 'no' : undefined);
    const texts: JournalTexts = new Map();
    const one = scene(
      { splits: [rows], positions: false, reject },
      { writers: 1, part: { rows: 2 } },
      { id: 'a', maxRejects: 99 },
    );
    const process = newProcess();
    void one.start({ journal: crashJournal(texts, process, { append: 6, when: 'after' }) });
    await idle();

    const receipt = await one.copy({ journal: crashJournal(texts) });

    expect(process.isAlive).toBe(false);
    expect(receipt).toMatchObject({ readRows: 20, writtenRows: 15, rejectedRows: 5 });
  });
});

describe('a split that is read again from a position', () => {
  it('skips the rows behind the position that are written, and checks the parts made of them', async () => {
    const options = { positions: true, deliveryRows: 12 };
    const same = await interrupted({}, options);
    const other = await interrupted({ splits: changed(5) }, options);

    expect(publishedRows(same.disk)).toEqual(rows);
    expect(other.outcome).toMatchObject({ code: 'SOURCE_CHANGED', message: expect.stringContaining('part 1') });
  });

  it('cannot check a part that begins before the position', async () => {
    // Part 2 lies on both sides of the position 10, part 3 behind it.
    const options = { positions: true, deliveryRows: 10 };
    const same = await interrupted({}, options, 4);
    const other = await interrupted({ splits: changed(13) }, options, 4);

    expect(publishedRows(same.disk)).toEqual(rows);
    expect(same.source.steps).toContain('read 0 from 10');
    expect(other.outcome).toMatchObject({ code: 'SOURCE_CHANGED', message: expect.stringContaining('part 3') });
  });
});

describe('a split', () => {
  it('has each row once, wherever reading is cut, the process dies, and positions are', async () => {
    const cuts = fc.record({
      noise: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }),
      positionAt: fc.uniqueArray(fc.nat(20), { maxLength: 4 }),
      failAt: fc.uniqueArray(fc.nat(20), { maxLength: 4 }),
      partRows: fc.integer({ min: 1, max: 9 }),
      append: fc.nat(12),
    });
    await fc.assert(
      fc.asyncProperty(cuts, async ({ noise, positionAt, failAt, partRows, append }) => {
        const left = new Set(failAt);
        const at = (step: string): void => {
          const [, row] = /^deliver 0 at (\d+)$/.exec(step) ?? [];
          if (row !== undefined && left.delete(Number(row))) throw new SluiceError('CONNECTION_LOST', 'cut');
        };
        const { disk, clock, start, copy } = scene(
          {
            splits: [rows],
            positions: (row) => positionAt.includes(row),
            deliveryRows: (_, row) => noise[row % noise.length]!,
            at,
          },
          { writers: 1, part: { rows: partRows } },
          { id: 'a', retry: { attempts: 9 } },
        );
        const texts: JournalTexts = new Map();
        void start({ journal: crashJournal(texts, newProcess(), { append, when: 'after' }) });
        await clock.rest();

        const receipt = await copy({ journal: crashJournal(texts) });

        expect(publishedRows(disk)).toEqual(rows);
        expect(receipt).toMatchObject({ readRows: 20, writtenRows: 20 });
      }),
      { seed: inject('seed'), numRuns: 100 },
    );
  });
});
