import { ensure } from '../../check/check-failure.ts';
import type { SourceCheck } from '../../check/check.ts';
import { memorySink, MemoryTarget } from '../../memory/memory-sink.ts';
import { usedBytes } from '../../tools/heap-size.ts';
import { arm, type PlacedFault } from '../armed-fault.ts';
import { longRowsOf } from '../long-rows.ts';
import { randomDeaths, resumedRuns } from '../resumed-runs.ts';
import { manyRows, openFixture, planSource, requireRows } from './source-run.ts';

const SOAK_RUNS = 100;
const SLACK_BYTES = 24 * 1_048_576;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

export const steadyMemory: SourceCheck = {
  id: 'S6',
  side: 'source',
  level: 'must',
  title: 'Memory does not grow with the rows read.',
  reason: 'A table of a billion rows goes through the same memory as one of a thousand.',
  needs: [],
  isLong: true,
  async run(harness, tools) {
    const { source } = await openFixture(harness, tools, manyRows(harness));
    const test = tools.context({ batch: { rows: 50 } });
    // What it says is not kept, as by an engine.
    const ctx = { ...test.ctx, log: SILENT, status() {} };
    const reader = source();
    const { plan, splits } = await planSource(reader, test);
    const readRows = async (most: number): Promise<number> => {
      let rows = 0;
      while (rows < most) {
        for (const split of splits) {
          for await (const { batch } of reader.read(plan, split, ctx)) rows += batch.numRows;
        }
      }
      return rows;
    };
    const longRows = longRowsOf(harness);
    await readRows(longRows / 10);
    const before = await usedBytes();
    const rows = await readRows(longRows);
    const more = (await usedBytes()) - before;
    ensure(more < SLACK_BYTES, `after ${rows} rows, ${more} bytes more are in use than at the start`);
  },
};

export const sourceSoak: SourceCheck = {
  id: 'P6',
  side: 'source',
  level: 'must',
  title: 'Killed again and again at random, with connections cut, a run ends as an undisturbed one.',
  reason: 'What goes wrong comes in pairs.',
  needs: [],
  isLong: true,
  async run(harness, tools) {
    const cuts: PlacedFault[] = [];
    for (let n = 0; n < SOAK_RUNS; n++) {
      const { fixture, source, expected } = await openFixture(harness, tools, 60);
      const target = new MemoryTarget();
      await resumedRuns(tools, {
        deaths: randomDeaths(tools.random),
        async begin() {
          const { faults = {} } = fixture;
          if (faults.cut !== undefined && tools.random() < 0.5) cuts.push(await arm(faults, 'cut'));
        },
        run: () => ({ from: source(), to: memorySink(target, { part: { rows: 9 } }), batchRows: 7, parallelism: 1 }),
        ended: () => requireRows(expected, target.published ?? [], `in run ${n + 1} of ${SOAK_RUNS}`),
      });
    }
    if (!cuts.some(({ hasStruck }) => hasStruck)) cuts[0]?.requireStruck();
  },
};
