import { ensure } from '../../check/check-failure.ts';
import type { SinkCheck } from '../../check/check.ts';
import { tableOf } from '../../data/test-table.ts';
import { type KeptPart, nameOf, SinkRun, stageAll, startRun } from './sink-run.ts';

export const rowsInOtherBatches: SinkCheck = {
  id: 'K6-rows',
  side: 'sink',
  level: 'must',
  title: 'Committed again, a part has the same results, however the rows are batched that are kept of it.',
  reason: 'Rows that are kept come back in batches of their own, or from the source once more.',
  needs: ['keepsRows'],
  async run(harness, tools) {
    const { target, table } = await startRun(harness, tools);
    // Every fourth row is bad, where a row can be.
    const rows = table.rows.map((row, i) => (i % 4 === 1 && target.badRow !== undefined ? target.badRow(row) : row));
    const run = new SinkRun(harness, tools, target, tableOf(table.schema, table.identity, rows));
    await run.open();
    const parts = await stageAll(run);
    const first = await run.commit(parts);
    for (const batchRows of [1, 3, 1000]) {
      const again = await run.commit(parts.map((part) => ({ ...part, rows: { ...part.rows, batchRows } })));
      ensure(
        JSON.stringify(again) === JSON.stringify(first),
        `committed again with its rows in batches of ${batchRows}, a part has other results than before`,
      );
    }
  },
};

export const retriedPart: SinkCheck = {
  id: 'K28',
  side: 'sink',
  level: 'must',
  title: 'Rows that go again are a part of their own, beside the one they belong to.',
  reason: 'A sink that takes the two for one writes rows over others, or not at all.',
  needs: ['keepsRows'],
  async run(harness, tools) {
    const run = await startRun(harness, tools, { rows: 14 });
    // Where all is committed at once, there is no going again.
    if (run.sink().traits.commit === 'end') return;
    await run.open();
    const first = await run.stage({ split: 0, part: 0 }, { from: 0, to: 10 });
    await run.commit([first]);
    const second = await run.stage({ split: 0, part: 0, retry: 1 }, { from: 10, to: 12 }, first);
    await run.commit([second]);
    const third = await run.stage({ split: 0, part: 0, retry: 2 }, { from: 12, to: 14 }, second);
    for (const where of ['with two retries', 'with the last of them committed twice']) {
      const [result] = await run.commit([third]);
      await run.requireRows(where);
      ensure(
        result !== undefined && nameOf(result.part) === '0/0/2' && result.writtenRows === 2,
        `of 2 rows that went again, the part ${result === undefined ? 'nothing' : nameOf(result.part)} is told of`,
      );
    }
  },
};

export const abortTells: SinkCheck = {
  id: 'K4-results',
  side: 'sink',
  level: 'must',
  title: 'Given up when the results of a commit are lost, `abort` tells them of every part that has taken effect.',
  reason: 'Whoever gives up a run has to know which rows are there.',
  needs: [],
  async run(harness, tools) {
    const run = await startRun(harness, tools);
    await run.open();
    const parts = await stageAll(run);
    const isAtEnd = run.sink().traits.commit === 'end';
    // Of parts that are committed one by one, the others never are.
    await run.commit(isAtEnd ? parts : parts.slice(0, 1));
    const { results } = await run.abort(parts);
    const rows = parts.flatMap((part) => (isTold(part, results) ? rowsOfPart(run, part) : []));
    await run.requireRows('of the parts that `abort` tells of', rows);
    for (const { part, writtenRows, rejects, inDoubt } of results) {
      const doubtful = inDoubt.reduce((sum, { from, to }) => sum + to - from, 0);
      const told = writtenRows + rejects.length + doubtful;
      ensure(told === 10, `\`abort\` tells of ${told} rows of part ${nameOf(part)}, which has 10`);
    }
  },
};

function isTold({ part }: KeptPart, results: readonly Pick<KeptPart, 'part'>[]): boolean {
  return results.some((result) => nameOf(result.part) === nameOf(part));
}

function rowsOfPart(run: SinkRun, { rows: { from, to } }: KeptPart): SinkRun['table']['rows'] {
  return run.table.rows.slice(from, to);
}
