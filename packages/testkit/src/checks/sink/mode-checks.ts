import { type Row, SluiceError } from '@sluice/core';

import { ensure, errorText, rejectionOf } from '../../check/check-failure.ts';
import type { SinkCheck } from '../../check/check.ts';
import { tableOf, testTable } from '../../data/test-table.ts';
import { SinkRun, startRun, writeAll } from './sink-run.ts';

export const append: SinkCheck = {
  id: 'K13-append',
  side: 'sink',
  level: 'must',
  title: '`append` adds rows to those that are there.',
  reason: 'A mode does what its name says.',
  needs: ['mode:append'],
  async run(harness, tools) {
    const first = await startRun(harness, tools, { rows: 10 });
    await writeAll(first, { mode: 'append' });
    const second = await startRun(harness, tools, { rows: 25, target: first.target });
    await writeAll(second, { mode: 'append' });
    await second.requireRows('after two runs', [...first.table.rows, ...second.table.rows]);
  },
};

export const overwrite: SinkCheck = {
  id: 'K13-overwrite',
  side: 'sink',
  level: 'must',
  title: '`overwrite` puts its rows in the place of those that are there, which stay until the commit.',
  reason: 'A mode does what its name says.',
  needs: ['mode:overwrite'],
  async run(harness, tools) {
    const first = await startRun(harness, tools, { rows: 25 });
    await writeAll(first, { mode: 'overwrite' });
    const second = await startRun(harness, tools, { rows: 10, target: first.target });
    await second.open({ mode: 'overwrite' });
    const message = await second.stage({ split: 0, part: 0 }, { from: 0, to: 10 });
    await first.requireRows('before the commit of the second run');
    await second.commit([message]);
    await second.requireRows('after the second run');
  },
};

export const emptyOverwrite: SinkCheck = {
  id: 'K15',
  side: 'sink',
  level: 'must',
  title: '`overwrite` without a row leaves what is there, unless it is asked to truncate.',
  reason: 'A source that is empty by mistake must not empty the target.',
  needs: ['mode:overwrite', 'commitAtEnd'],
  async run(harness, tools) {
    const first = await startRun(harness, tools, { rows: 10 });
    await writeAll(first, { mode: 'overwrite' });
    for (const truncateWhenEmpty of [false, true]) {
      const empty = await startRun(harness, tools, { rows: 0, target: first.target });
      await empty.open({ mode: 'overwrite', truncateWhenEmpty });
      await empty.commit([]);
      const wanted = truncateWhenEmpty ? [] : first.table.rows;
      await first.requireRows(`overwritten by nothing, asked ${truncateWhenEmpty ? '' : 'not '}to truncate`, wanted);
    }
  },
};

export const upsert: SinkCheck = {
  id: 'K13-upsert',
  side: 'sink',
  level: 'must',
  title: '`upsert` replaces rows of the same key, adds the others, and is refused without keys.',
  reason: 'A mode does what its name says.',
  needs: ['mode:upsert'],
  async run(harness, tools) {
    const { identity, keys = [identity] } = harness;
    const refused = await startRun(harness, tools, { rows: 5 });
    const error = await rejectionOf(
      () => refused.open({ mode: 'upsert', keys: [] }),
      '`upsert` is opened without keys',
    );
    ensure(
      SluiceError.is(error) && error.code === 'CONFIG_INVALID',
      `\`upsert\` without keys is refused with ${errorText(error)} instead of CONFIG_INVALID`,
    );

    const first = await startRun(harness, tools, { rows: 10 });
    await writeAll(first, { mode: 'upsert', keys });
    const rows = changedRows(first.table.rows, testTable({ ...harness, rows: 16 }).rows, keys);
    const second = new SinkRun(harness, tools, first.target, tableOf(first.table.schema, identity, rows));
    await second.open({ mode: 'upsert', keys });
    await second.commit([await second.stage({ split: 0, part: 0 }, { from: 0, to: rows.length })]);
    await second.requireRows('after two runs', [...first.table.rows.slice(0, 6), ...rows]);
  },
};

/** The last four of the first rows with the values of the row before, and six more. */
function changedRows(first: readonly Row[], more: readonly Row[], keys: readonly string[]): readonly Row[] {
  const changed = first.slice(6).map((row, i) => ({
    ...first[5 + i]!,
    ...Object.fromEntries(keys.map((key) => [key, row[key]!])),
  }));
  return [...changed, ...more.slice(10)];
}
