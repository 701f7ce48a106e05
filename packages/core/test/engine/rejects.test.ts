import * as fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import type { RejectGroup } from '../../src/contract/journal.ts';
import type { Mapping } from '../../src/contract/mapping.ts';
import { RejectGroups } from '../../src/engine/reject-groups.ts';
import { UnseenRows } from '../../src/engine/unseen-rows.ts';
import { SluiceError } from '../../src/error/sluice-error.ts';
import { failureOf } from '../thrown.ts';
import { crashJournal } from './crash.ts';
import { publishedRows } from './memory-disk.ts';
import { batchOfRows, rowsOfBatch, rowsOfSplit, splitsOf, type TestRow } from './row-batches.ts';
import { scene } from './scene.ts';

type Stage = RejectGroup['stage'];
type Fate = Stage | 'written';

/** Rejects rows whose fate it is to be rejected while mapped. */
function mappingBy(isRejected: (row: TestRow) => boolean): Mapping {
  return {
    config: 'by fate',
    plan: (schema) => ({
      schema,
      apply(batch) {
        const rows = rowsOfBatch(batch);
        const kept = rows.flatMap((row, i) => (isRejected(row) ? [] : [i]));
        if (kept.length === rows.length) return { batch };
        const rejects = rows.flatMap((row, i) =>
          isRejected(row) ? [{ row: i, code: 'VALUE_INVALID', message: 'map', columns: ['id'] }] : [],
        );
        return { batch: batchOfRows(kept.map((i) => rows[i]!)), rows: Uint32Array.from(kept), rejects };
      },
    }),
  };
}

const fates = fc.array(
  fc.array(fc.constantFrom<Fate>('written', 'written', 'read', 'map', 'write', 'commit'), { maxLength: 25 }),
  { maxLength: 3 },
);

function sceneOf(fatesOf: readonly (readonly Fate[])[], sink: Parameters<typeof scene>[1], deliveryRows: number) {
  const fateOf = ({ id }: TestRow): Fate => fatesOf[Math.floor(id / 10_000)]![id % 10_000]!;
  // The reason names the row, so that every row is a group of its own.
  const reason = (stage: Fate) => (row: TestRow) => (fateOf(row) === stage ? `${stage} ${row.id}` : undefined);
  const splits = fatesOf.map((rows, split) => rowsOfSplit(split, rows.length));
  const one = scene(
    { splits, deliveryRows, reject: reason('read') },
    { ...sink, rejectAtWrite: reason('write'), rejectAtCommit: reason('commit') },
    { map: mappingBy((row) => fateOf(row) === 'map'), maxRejects: Infinity },
  );
  return { ...one, written: splits.flat().filter((row) => fateOf(row) === 'written') };
}

describe('rejected rows', () => {
  it('keep their row numbers through reading, mapping, writing and committing', async () => {
    const sinks = fc.record({
      part: fc.oneof(fc.constant({}), fc.record({ rows: fc.integer({ min: 1, max: 6 }) })),
      commit: fc.constantFrom('end', 'part'),
      writers: fc.constantFrom(1, 3),
    });
    await fc.assert(
      fc.asyncProperty(fates, sinks, fc.integer({ min: 1, max: 9 }), async (fatesOf, sink, deliveryRows) => {
        const { disk, copy, written } = sceneOf(fatesOf, sink, deliveryRows);

        const receipt = await copy();

        expect(publishedRows(disk)).toEqual(written);
        const expected = fatesOf.flatMap((rows, split) =>
          rows.flatMap((fate, row) =>
            fate === 'written' || fate === 'map' ? [] : [`${fate} ${split * 10_000 + row} ${split} ${row}`],
          ),
        );
        const told = receipt.rejects
          .filter(({ stage }) => stage !== 'map')
          .map(({ message, firstSplit, firstRow }) => `${message} ${firstSplit} ${firstRow}`);
        expect(told.toSorted()).toEqual(expected.toSorted());
        const mapped = fatesOf.flatMap((rows, split) =>
          rows.flatMap((fate, row) => (fate === 'map' ? [{ firstSplit: split, firstRow: row }] : [])),
        );
        const group = receipt.rejects.find(({ stage }) => stage === 'map');
        expect(group?.rows ?? 0).toBe(mapped.length);
        expect([group?.firstSplit, group?.firstRow]).toEqual([mapped[0]?.firstSplit, mapped[0]?.firstRow]);
        expect(receipt.rejectedRows).toBe(expected.length + mapped.length);
      }),
      { seed: inject('seed'), numRuns: 80 },
    );
  });

  it('fail a run that allows none, naming reasons', async () => {
    const { copy } = scene({ splits: splitsOf(20), reject: ({ id }) => (id === 6 ? 'too long' : undefined) });

    expect(await failureOf(copy())).toMatchObject({
      code: 'ROWS_REJECTED',
      message:
        '1 row was rejected, and the run allows none: 1 × VALUE_INVALID in text: too long (first: row 6 of split 0)',
      hint: expect.stringContaining('maxRejects'),
    });
  });

  it.each([
    [4, true],
    [3, false],
  ])('up to %i are allowed when there are 4: %s', async (maxRejects, isAllowed) => {
    const { copy } = scene(
      { splits: splitsOf(10, 10), reject: ({ id }) => (id % 10_000 === 2 ? 'read' : undefined) },
      {
        rejectAtWrite: ({ id }) => (id === 3 ? 'write' : undefined),
        rejectAtCommit: ({ id }) => (id === 4 ? 'commit' : undefined),
      },
    );

    const outcome = await failureOf(copy({ maxRejects }));

    expect(outcome).toMatchObject(isAllowed ? { resolvedWith: { rejectedRows: 4 } } : { code: 'ROWS_REJECTED' });
  });

  it('stop a run as soon as there are too many, whatever is still to be read', async () => {
    const { source, sink, copy } = scene(
      { splits: splitsOf(400), reject: ({ id }) => (id === 9 ? 'too long' : undefined) },
      { writers: 1 },
    );

    await failureOf(copy());

    expect(source.deliveries).toBeLessThan(8);
    expect(sink.steps.some((step) => step.startsWith('commit'))).toBe(false);
  });

  it('that come late stop a run that commits part by part before the next part', async () => {
    const { sink, copy } = scene(
      { splits: splitsOf(40) },
      { commit: 'part', writers: 1, part: { rows: 10 }, rejectAtCommit: ({ id }) => (id === 3 ? 'late' : undefined) },
    );

    await failureOf(copy());

    expect(sink.steps.filter((step) => step.startsWith('prepare'))).toEqual(['prepare 0/0']);
  });

  it('that a repeated commit tells again count once', async () => {
    let fails = 1;
    const { start, clock } = scene(
      { splits: splitsOf(4, 4) },
      {
        rejectAtCommit: ({ id }) => (id === 3 ? 'late' : undefined),
        at: (step) => {
          if (step === 'result 1/0' && fails-- > 0) throw new SluiceError('CONNECTION_LOST', 'cut');
        },
      },
    );
    const committed: string[] = [];
    const run = start({ maxRejects: 1 });
    run.events$.subscribe((event) => event.kind === 'partCommitted' && committed.push(`${event.part.split}`));

    const receipt = await clock.settle(run);

    expect(receipt).toMatchObject({ writtenRows: 7, rejectedRows: 1 });
    expect(committed).toEqual(['0', '1']);
  });

  it('count when a run is resumed, and no longer stop it once more of them are allowed', async () => {
    const { copy, disk } = scene(
      { splits: splitsOf(10), reject: ({ id }) => (id === 2 ? 'read' : undefined) },
      { part: { rows: 5 } },
      { id: 'a', journal: crashJournal(new Map()) },
    );
    const first = await failureOf(copy());

    const receipt = await copy({ maxRejects: 1 });

    expect(first).toMatchObject({ code: 'ROWS_REJECTED' });
    expect(receipt).toMatchObject({ readRows: 10, writtenRows: 9, rejectedRows: 1 });
    expect(publishedRows(disk)).toHaveLength(9);
  });

  it.each([
    // Rejected while they are read, and late: of 2,000 rows.
    ['end', 0.1, 100, 100, true],
    ['end', 0.1, 100, 101, false],
    ['part', 0.1, 100, 100, true],
    ['part', 0.1, 101, 100, false],
    ['part', 0, 0, 0, true],
    ['part', 0, 0, 1, false],
    ['end', 1, 1000, 1000, true],
  ] as const)(
    'may be a share of all rows: commit at the %s, a share of %f',
    async (commit, share, early, late, allowed) => {
      const { copy } = scene(
        { splits: splitsOf(1000, 1000), deliveryRows: 200, reject: ({ id }) => (id < early ? 'read' : undefined) },
        {
          commit,
          part: { rows: 300 },
          rejectAtCommit: ({ id }) => (id >= 10_000 && id < 10_000 + late ? 'late' : undefined),
        },
      );

      const outcome = await failureOf(copy({ maxRejects: { share }, parallelism: 1 }));

      expect(outcome).toMatchObject(
        allowed ? { resolvedWith: { rejectedRows: early + late } } : { code: 'ROWS_REJECTED' },
      );
    },
  );

  it('stop a run by their share once a thousand verdicts are in, and not before', async () => {
    const run = async (bad: number) => {
      const { source, copy } = scene(
        { splits: splitsOf(5000), deliveryRows: 100, reject: ({ id }) => (id < bad ? 'bad' : undefined) },
        { commit: 'part', writers: 1, part: { rows: 100 } },
      );
      return { outcome: await failureOf(copy({ maxRejects: { share: 0.5 } })), deliveries: source.deliveries };
    };

    expect(await run(900)).toMatchObject({ outcome: { code: 'ROWS_REJECTED' }, deliveries: 12 });
    expect(await run(499)).toMatchObject({ outcome: { resolvedWith: { rejectedRows: 499 } } });
  });

  it.each([-0.1, 1.1, Number.NaN])('may not be a share of %f', async (share) => {
    const { copy } = scene();

    expect(await failureOf(copy({ maxRejects: { share } }))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'copy: maxRejects.share must be a number from 0 to 1',
    });
  });

  it('are grouped by reason, the most frequent first', async () => {
    const { copy } = scene({
      splits: splitsOf(20),
      reject: ({ id }) => (id < 3 ? 'rare' : id < 9 ? 'frequent' : undefined),
    });

    const { rejects } = await copy({ maxRejects: Infinity });

    expect(rejects).toEqual([
      {
        stage: 'read',
        code: 'VALUE_INVALID',
        message: 'frequent',
        columns: ['text'],
        rows: 6,
        firstSplit: 0,
        firstRow: 3,
      },
      { stage: 'read', code: 'VALUE_INVALID', message: 'rare', columns: ['text'], rows: 3, firstSplit: 0, firstRow: 0 },
    ]);
  });

  it('in doubt are named by split and row', async () => {
    const { copy } = scene(
      { splits: splitsOf(10, 10), reject: ({ id }) => (id === 10_006 ? 'read' : undefined) },
      { part: { rows: 5 }, inDoubt: ({ split, part }) => (split === 1 && part === 1 ? [{ from: 0, to: 2 }] : []) },
    );

    const receipt = await copy({ maxRejects: 1, maxInDoubt: 2 });

    expect(receipt).toMatchObject({ readRows: 20, writtenRows: 17, rejectedRows: 1, inDoubtRows: 2 });
    expect(receipt.inDoubt).toEqual([
      { split: 1, from: 5, to: 6 },
      { split: 1, from: 7, to: 8 },
    ]);
  });
});

describe('rows in doubt', () => {
  const doubtful = { part: { rows: 2 }, inDoubt: () => [{ from: 1, to: 2 }] };

  it.each([
    [
      'end',
      7,
      '7 rows are in doubt, and the run allows none: row 1 of split 0; row 3 of split 0; row 5 of split 0; ' +
        'row 7 of split 0; row 9 of split 0; and 2 more ranges',
    ],
    ['part', 1, '1 row is in doubt, and the run allows none: row 1 of split 0'],
  ] as const)('of a commit at the %s fail the run once what became of each is told', async (commit, rows, message) => {
    const { start, clock, disk } = scene({ splits: splitsOf(14) }, { ...doubtful, commit, writers: 1 });
    const run = start({ parallelism: 1 });

    const failure = await failureOf(clock.settle(run));

    expect(failure).toMatchObject({
      code: 'ROWS_IN_DOUBT',
      message,
      hint: expect.stringMatching(/^Look in the target .*`maxInDoubt`/),
    });
    expect(run.account).toMatchObject({ writtenRows: rows, inDoubtRows: rows });
    expect(disk.published).toHaveLength(rows);
  });

  it('are gone on with by whoever allows them', async () => {
    const { copy } = scene(
      { splits: splitsOf(6) },
      { ...doubtful, commit: 'part', writers: 1 },
      {
        id: 'a',
        journal: crashJournal(new Map()),
      },
    );

    const outcomes = [await failureOf(copy()), await failureOf(copy()), await copy({ maxInDoubt: 3 })];

    expect(outcomes).toMatchObject([
      {
        code: 'ROWS_IN_DOUBT',
        hint: expect.stringContaining('Run "a" is kept in /journal: resume it, or abandon it.'),
      },
      { code: 'ROWS_IN_DOUBT' },
      { readRows: 6, writtenRows: 3, inDoubtRows: 3 },
    ]);
  });
});

describe('groups of rejected rows', () => {
  const group: RejectGroup = {
    stage: 'read',
    code: 'VALUE_INVALID',
    message: 'm',
    columns: [],
    rows: 1,
    firstSplit: 1,
    firstRow: 5,
  };

  it('know the first row, whatever order rows come in', () => {
    const groups = new RejectGroups([
      group,
      { ...group, firstRow: 3 },
      { ...group, firstSplit: 0, firstRow: 9 },
      group,
    ]);

    expect(groups.values()).toEqual([{ ...group, rows: 4, firstSplit: 0, firstRow: 9 }]);
  });

  it('stay few however many reasons there are', () => {
    const groups = new RejectGroups();
    for (let i = 0; i < 1000; i++) groups.add({ ...group, message: `${i}`, stage: i % 2 === 0 ? 'read' : 'write' });
    const again = new RejectGroups([...groups.values(), ...groups.values()]);

    expect(groups.values()).toHaveLength(102);
    expect(groups.byRows()[0]).toMatchObject({ message: 'further reasons', rows: 450 });
    expect(again.values()).toHaveLength(102);
    expect([groups.rows, again.rows]).toEqual([1000, 2000]);
  });
});

describe('rows a sink never sees', () => {
  it('are left out of its count of rows', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 40 }), fc.nat(40), fc.nat(40), (isSeen, a, b) => {
        const added = new UnseenRows();
        isSeen.forEach((seen, row) => (seen ? undefined : added.add(row)));
        const seenRows = isSeen.flatMap((seen, row) => (seen ? [row] : []));
        const [from, to] = [Math.min(a, b, seenRows.length), Math.min(Math.max(a, b), seenRows.length)];

        for (const unseen of [added, new UnseenRows(added.ranges)]) {
          expect(unseen.rows).toBe(isSeen.length - seenRows.length);
          expect(seenRows.map((_, seen) => unseen.readRow(seen))).toEqual(seenRows);
          const read = unseen.readRanges({ from, to });
          expect(
            read.flatMap((range) => Array.from({ length: range.to - range.from }, (_, i) => range.from + i)),
          ).toEqual(seenRows.slice(from, to));
        }
      }),
      { seed: inject('seed'), numRuns: 300 },
    );
  });
});
