import { describe, expect, it } from 'vitest';

import type { CommitContext, Reject, Sink } from '../../src/contract/sink.ts';
import type { CopyOptions } from '../../src/engine/copy.ts';
import type { MaxRejects } from '../../src/engine/reject-limit.ts';
import { SluiceError } from '../../src/error/sluice-error.ts';
import { failureOf } from '../thrown.ts';
import { crashJournal } from './crash.ts';
import { publishedRows } from './memory-disk.ts';
import { splitsOf } from './row-batches.ts';
import { scene } from './scene.ts';

describe('rejected rows', () => {
  describe('that a commit asks about', () => {
    /** Of 40 rows, one is rejected early, and so many at the commit. */
    function rejectingLate(lateRows: number) {
      return scene(
        { splits: splitsOf(20, 20), reject: ({ id }) => (id === 10_000 ? 'early' : undefined) },
        {
          part: { rows: 7 },
          rejectAtCommit: ({ id }) => (id > 10_000 && id <= 10_000 + lateRows ? 'late' : undefined),
        },
      );
    }

    it.each<[MaxRejects, number]>([
      [3, 2],
      [{ share: 0.1 }, 3],
      [Infinity, 19],
    ])('are allowed: %j, with %i', async (maxRejects, lateRows) => {
      const { disk, copy } = rejectingLate(lateRows);

      const receipt = await copy({ maxRejects });

      expect(receipt).toMatchObject({ rejectedRows: lateRows + 1, writtenRows: 39 - lateRows });
      expect(publishedRows(disk)).toHaveLength(39 - lateRows);
    });

    it.each<[MaxRejects, number, string]>([
      [3, 3, '4 rows were rejected, and the run allows at most 3'],
      [1, 1, '2 rows were rejected, and the run allows at most 1'],
      [{ share: 0.1 }, 4, '5 of 40 rows were rejected, and the run allows a share of at most 0.1'],
    ])('are too many, and nothing becomes visible: %j, with %i', async (maxRejects, lateRows, refusal) => {
      const { disk, copy } = rejectingLate(lateRows);

      const failure = await failureOf(copy({ maxRejects }));

      expect(failure).toMatchObject({ code: 'ROWS_REJECTED', message: expect.stringContaining(refusal) });
      expect(failure).toMatchObject({
        message: expect.stringContaining(`${lateRows} × REMOTE_REFUSED: late (first: row 1 of split 1)`),
      });
      expect(publishedRows(disk)).toEqual([]);
    });

    it('and are too many leave no row in doubt in a run that is kept', async () => {
      const { start, clock } = rejectingLate(5);
      const run = start({ maxRejects: 5, id: 'a', journal: crashJournal(new Map()) });

      await failureOf(clock.settle(run));

      expect(run.account).toMatchObject({ readRows: 40, rejectedRows: 1, inDoubtRows: 0, unsentRows: 39 });
    });
  });

  it('that a commit asks about again when it is repeated count once, and those in the journal do not count again', async () => {
    let fails = 2;
    const { copy } = scene(
      { splits: splitsOf(4, 4) },
      {
        rejectAtCommit: ({ id }) => (id % 10_000 === 3 ? 'late' : undefined),
        at: (step) => {
          // Once with no part in the journal, then with one.
          if (step === (fails === 2 ? 'result 0/0' : 'result 1/0') && fails-- > 0)
            throw new SluiceError('CONNECTION_LOST', 'cut');
        },
      },
    );

    expect(await copy({ maxRejects: 2 })).toMatchObject({ writtenRows: 6, rejectedRows: 2 });
    expect(fails).toBe(-1);
  });

  it('of a part that is committed by itself are asked about with the share of the rows judged by then', async () => {
    const rejected = (rows: number) =>
      scene(
        { splits: splitsOf(2000) },
        {
          commit: 'part',
          writers: 1,
          part: { rows: 1000 },
          asks: true,
          rejectAtCommit: ({ id }) => (id % 1000 < rows ? 'late' : undefined),
        },
      );
    const [few, many] = [rejected(100), rejected(101)];

    expect(await few.copy({ maxRejects: { share: 0.1 } })).toMatchObject({ rejectedRows: 200 });
    expect(await failureOf(many.copy({ maxRejects: { share: 0.1 } }))).toMatchObject({
      message: expect.stringContaining('101 of 1000 rows were rejected'),
    });
    expect(publishedRows(many.disk)).toEqual([]);
  });

  /** Of four rows, the writer refuses the second. */
  function asking(ask: (ctx: CommitContext) => void) {
    const { sink, disk, start, clock } = scene(
      { splits: splitsOf(4) },
      { rejectAtWrite: ({ id }) => (id === 1 ? 'early' : undefined) },
    );
    const to: Sink = {
      ...sink,
      async *commit(target, schema, parts, ctx) {
        ask(ctx);
        yield* sink.commit(target, schema, parts, ctx);
      },
    };
    const journal = crashJournal(new Map());
    const begin = (options: Partial<CopyOptions> = {}) =>
      start({ to, id: 'a', journal, maxRejects: Infinity, ...options });
    return { disk, clock, begin };
  }

  const refusing = (...rows: readonly number[]): readonly Reject[] =>
    rows.map((row) => ({ row, code: 'REMOTE_REFUSED', message: 'late', retryable: false }));

  it.each<[string, readonly number[], string]>([
    ['that is not there', [4], 'a verdict on row 4, which is not there,'],
    ['that is no number', [NaN], 'a verdict on row NaN, which is not there,'],
    ['before the first', [-1], 'a verdict on row -1, which is not there,'],
    ['twice', [2, 2], 'two verdicts on row 2'],
    ['that its writer has refused', [1], 'two verdicts on row 1'],
  ])('that a commit asks about break the contract for a row %s, and nothing becomes visible', async (_, rows, rule) => {
    const part = { split: 0, part: 0 };
    const { disk, clock, begin } = asking((ctx) => rows.forEach((row) => ctx.requireAllowed(part, refusing(row))));

    expect(await failureOf(clock.settle(begin()))).toMatchObject({
      code: 'CONTRACT_BROKEN',
      message: `disk broke its contract: it gave ${rule} of part 0 of split 0`,
    });
    expect(publishedRows(disk)).toEqual([]);
  });

  it('that a commit asks about are not allowed any more when the run has been aborted', async () => {
    const [controller, reason] = [new AbortController(), new Error('enough')];
    const { disk, clock, begin } = asking((ctx) => {
      controller.abort(reason);
      ctx.requireAllowed({ split: 0, part: 0 }, []);
    });

    expect(await failureOf(clock.settle(begin({ signal: controller.signal })))).toBe(reason);
    expect(publishedRows(disk)).toEqual([]);
  });

  it('that a commit asks about, and goes on with although they are too many, leave the rows in doubt', async () => {
    const { clock, begin } = asking((ctx) => {
      try {
        ctx.requireAllowed({ split: 0, part: 0 }, refusing(2));
      } catch {
        throw new SluiceError('REMOTE_REFUSED', 'half of it is visible');
      }
    });
    const run = begin({ maxRejects: 1 });

    expect(await failureOf(clock.settle(run))).toMatchObject({ code: 'REMOTE_REFUSED' });
    expect(run.account).toMatchObject({ inDoubtRows: 3, unsentRows: 0, rejectedRows: 1 });
  });

  it('that are asked about for a part that is not being committed break the contract', async () => {
    const { sink, copy } = scene();
    const to: Sink = {
      ...sink,
      async *commit(target, schema, parts, ctx) {
        ctx.requireAllowed({ split: 7, part: 0 }, []);
        yield* sink.commit(target, schema, parts, ctx);
      },
    };

    expect(await failureOf(copy({ to }))).toMatchObject({
      code: 'CONTRACT_BROKEN',
      message: 'disk broke its contract: it rejects rows of part 0 of split 7, which was not committed',
    });
  });
});
