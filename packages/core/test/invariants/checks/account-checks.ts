import { foldReceipt } from '../../../src/engine/receipt.ts';
import { SluiceError } from '../../../src/error/sluice-error.ts';
import { rowsOfSplit, splitsOf } from '../../engine/row-batches.ts';
import { engineScene } from '../engine-scene.ts';
import { ensure, failureUnless, InvariantBroken, type InvariantCheck, told } from '../invariant-check.ts';

export const noRowLost: InvariantCheck = {
  id: 'E7',
  title: 'A sink that does not account for every row of a part fails the run by its name.',
  async run(engine) {
    const { sink, copy } = engineScene(engine, { splits: splitsOf(9) });
    const to = {
      ...sink,
      async *commit(...args: Parameters<typeof sink.commit>) {
        for await (const result of sink.commit(...args)) yield { ...result, writtenRows: result.writtenRows - 1 };
      },
    };
    const failure = await failureUnless(copy({ to }), 'a run whose sink lost a row succeeds');
    ensure(
      SluiceError.is(failure) && failure.code === 'CONTRACT_BROKEN' && failure.message.includes('disk'),
      `a row that a sink lost fails the run with ${told(failure)}`,
    );
  },
};

export const receiptIsTheFold: InvariantCheck = {
  id: 'E7-receipt',
  title: 'The receipt balances, per split and in total, and is told by the journal alone.',
  async run(engine) {
    const { entries, copy } = engineScene(
      engine,
      { splits: splitsOf(9, 0, 6), reject: ({ id }) => (id % 5 === 2 ? 'too long' : undefined) },
      {
        part: { rows: 4 },
        rejectAtCommit: ({ id }) => (id % 7 === 3 ? 'taken' : undefined),
        inDoubt: ({ split }) => (split === 2 ? [{ from: 0, to: 1 }] : []),
      },
    );
    const receipt = await copy({ maxRejects: Infinity, maxInDoubt: Infinity });
    for (const [where, { readRows, writtenRows, rejectedRows, inDoubtRows }] of [
      ['in total', receipt] as const,
      ...receipt.splits.map((counts, split) => [`of split ${split}`, counts] as const),
    ]) {
      ensure(
        readRows === writtenRows + rejectedRows + inDoubtRows,
        `${where}, ${readRows} rows are read, ${writtenRows} written, ${rejectedRows} rejected, ${inDoubtRows} in doubt`,
      );
    }
    ensure(receipt.readRows === 15, `the receipt has ${receipt.readRows} rows of 15`);
    ensure(
      JSON.stringify(foldReceipt('run', entries())) === JSON.stringify(receipt),
      'the receipt says what the journal does not',
    );
  },
};

export const rejectLimit: InvariantCheck = {
  id: 'E7-limit',
  title: 'More rejected rows than a run allows end it, with the reason and the first of them.',
  async run(engine) {
    const { disk, copy } = engineScene(engine, {
      splits: splitsOf(9, 9),
      reject: ({ id }) => (id % 4 === 2 ? 'too long' : undefined),
    });
    const failure = await failureUnless(copy({ maxRejects: 1 }), 'a run with more rejected rows than allowed succeeds');
    ensure(disk.published.length === 0, 'rows are published of a run that has more rejected rows than allowed');
    ensure(
      SluiceError.is(failure) && failure.code === 'ROWS_REJECTED' && failure.message.includes('row 2 of split 0'),
      `too many rejected rows end a run with ${told(failure)}`,
    );
  },
};

export const rejectsAsked: InvariantCheck = {
  id: 'E7-asked',
  title: 'A commit that asks about its rejects is stopped ahead of its effect when they are more than the run allows.',
  async run(engine) {
    const { disk, copy } = engineScene(
      engine,
      { splits: splitsOf(9, 9) },
      { rejectAtCommit: ({ id }) => (id % 4 === 2 ? 'taken' : undefined) },
    );
    const failure = await failureUnless(copy({ maxRejects: 3 }), 'a run with more rejected rows than allowed succeeds');
    const rows = disk.published.reduce((count, part) => count + part.rows.length, 0);
    ensure(rows === 0, `a commit that would reject more rows than the run allows publishes ${rows} others`);
    ensure(SluiceError.is(failure) && failure.code === 'ROWS_REJECTED', `it ends with ${told(failure)}`);
    const { writtenRows } = await copy({ id: 'again', maxRejects: 4 }).catch((error: unknown) => {
      throw new InvariantBroken(`a commit that rejects as many rows as are allowed ends with ${told(error)}`);
    });
    ensure(writtenRows === 14, `a commit that rejects as many rows as are allowed publishes ${writtenRows} of 14`);
  },
};

export const doubtLimit: InvariantCheck = {
  id: 'E7-doubt',
  title:
    'More rows in doubt than a run allows end it, by their rows, with all verdicts in the journal; allowed, it goes on.',
  async run(engine) {
    const { entries, copy } = engineScene(
      engine,
      { splits: splitsOf(9, 9) },
      { part: { rows: 4 }, inDoubt: ({ split, part }) => (split === 1 && part === 1 ? [{ from: 1, to: 3 }] : []) },
    );
    const failure = await failureUnless(copy({ maxInDoubt: 1 }), 'a run with more rows in doubt than allowed succeeds');
    ensure(
      SluiceError.is(failure) && failure.code === 'ROWS_IN_DOUBT' && failure.message.includes('rows 5 to 6 of split 1'),
      `too many rows in doubt end a run with ${told(failure)}`,
    );
    const committed = entries().filter(({ kind }) => kind === 'partCommitted').length;
    ensure(committed === 6, `of 6 parts that were committed when the run ended, the journal has ${committed}`);
    const { writtenRows, inDoubtRows } = await copy({ maxInDoubt: 2 });
    ensure(
      writtenRows === 16 && inDoubtRows === 2,
      `resumed with two rows allowed, of 18 rows ${writtenRows} are written and ${inDoubtRows} in doubt`,
    );
  },
};

export const rejectedByTheirRow: InvariantCheck = {
  id: 'E8',
  title: 'A rejected row is named by its split and its row as read, wherever it was rejected and in whichever part.',
  async run(engine) {
    const rows = rowsOfSplit(0, 30);
    for (const stage of ['read', 'write', 'commit'] as const) {
      const bad = ({ id }: { readonly id: number }): string | undefined => (id === 17 ? stage : undefined);
      const { copy } = engineScene(
        engine,
        {
          splits: [rows],
          // Others on the way, so that rows are counted otherwise by everybody.
          reject: (row) => ([3, 11].includes(row.id) ? 'on the way' : stage === 'read' ? bad(row) : undefined),
        },
        {
          part: { rows: 4 },
          ...(stage === 'write' ? { rejectAtWrite: bad } : {}),
          ...(stage === 'commit' ? { rejectAtCommit: bad } : {}),
        },
      );
      const receipt = await copy({ maxRejects: Infinity });
      const found = receipt.rejects.find(({ message }) => message === stage);
      ensure(
        found?.firstSplit === 0 && found.firstRow === 17 && found.stage === stage,
        `row 17 of split 0, rejected in ${stage}, is named row ${found?.firstRow} of split ${found?.firstSplit}, ${found?.stage}`,
      );
    }
  },
};
