import { SluiceError } from '@sluice/core';
import { Schema } from 'apache-arrow';

import { ensure, errorText, fail, rejectionOf } from '../../check/check-failure.ts';
import type { SinkCheck } from '../../check/check.ts';
import { tableOf } from '../../data/test-table.ts';
import { SinkRun, startRun, writeAll } from './sink-run.ts';

export const typesAccepted: SinkCheck = {
  id: 'K1',
  side: 'sink',
  level: 'must',
  title: 'Every column it declares is accepted when the target is opened.',
  reason: 'What cannot be written is said before the first row.',
  needs: [],
  async run(harness, tools) {
    const run = await startRun(harness, tools);
    await run.open();
  },
};

export const typesRefused: SinkCheck = {
  id: 'K1-refused',
  side: 'sink',
  level: 'must',
  title: 'A column it cannot hold is refused by name when the target is opened, and nothing is touched.',
  reason: 'A column left out in silence is lost data.',
  needs: ['refusedFields'],
  async run(harness, tools) {
    for (const field of harness.refusedFields ?? []) {
      const target = tools.use(await harness.target());
      const identity = harness.columns.find(({ field: { name } }) => name === harness.identity)!.field;
      const table = tableOf(new Schema([identity, field]), harness.identity, []);
      const run = new SinkRun(harness, tools, target, table);
      const error = await rejectionOf(() => run.open(), `column "${field.name}" is accepted, and cannot be held`);
      ensure(
        SluiceError.is(error) && ['TYPE_UNSUPPORTED', 'FIELD_UNKNOWN'].includes(error.code),
        `column "${field.name}" is refused with ${errorText(error)} instead of TYPE_UNSUPPORTED`,
      );
      ensure(
        error.message.includes(field.name),
        `the refusal of column "${field.name}" does not name it: ${error.message}`,
      );
      const left = (await target.leftovers?.()) ?? [];
      ensure(left.length === 0, `the refusal of column "${field.name}" leaves ${left.join(', ')}`);
    }
  },
};

export const existingTarget: SinkCheck = {
  id: 'K24',
  side: 'sink',
  level: 'must',
  title: 'Mode `create` refuses a target that has something, before the first row, and leaves it alone.',
  reason: 'Nobody overwrites by accident.',
  needs: ['mode:create'],
  async run(harness, tools) {
    const first = await startRun(harness, tools, { rows: 5 });
    await writeAll(first, { mode: 'create' });
    const second = await startRun(harness, tools, { rows: 9, target: first.target });
    const error = await rejectionOf(
      () => second.open({ mode: 'create' }),
      'a target that has rows is opened with mode create',
    );
    ensure(
      SluiceError.is(error) && error.code === 'TARGET_EXISTS',
      `a target that has rows is refused with ${errorText(error)} instead of TARGET_EXISTS`,
    );
    await first.requireRows('after the refusal');
  },
};

export const emptyInput: SinkCheck = {
  id: 'K2',
  side: 'sink',
  level: 'must',
  title: 'Without a row, the commit succeeds, and no row is there.',
  reason: 'An empty result is a result.',
  needs: [],
  async run(harness, tools) {
    const run = await startRun(harness, tools);
    await run.open();
    if ((await committed(run)) > 0) fail('a commit without parts gives results');
    await run.requireRows('after a commit without a part', []);
  },
};

export const columnsOfSchema: SinkCheck = {
  id: 'K27',
  side: 'sink',
  level: 'must',
  title: 'Columns are those of the schema, also without a row and with a first row of nulls.',
  reason: 'Columns taken from the first row go missing when it lacks them.',
  needs: ['columnNames'],
  async run(harness, tools) {
    const nothing = await startRun(harness, tools);
    await nothing.open();
    // A sink that commits part by part learns of no end without a part.
    if (nothing.sink().traits.commit === 'end') {
      await committed(nothing);
      await requireColumns(nothing, 'without a row');
    }

    const { identity, columns } = harness;
    const schema = new Schema(columns.map(({ field }) => field));
    const blank = Object.fromEntries(columns.map(({ field }) => [field.name, null]));
    const { rows } = nothing.table;
    const table = tableOf(schema, identity, [{ ...blank, [identity]: rows[0]![identity]! }, rows[1]!]);
    const nulls = new SinkRun(harness, tools, tools.use(await harness.target()), table);
    await nulls.open();
    await nulls.commit([await nulls.stage({ split: 0, part: 0 }, { from: 0, to: 2 })]);
    await requireColumns(nulls, 'with a first row of nulls');
    await nulls.requireRows('with a first row of nulls');
  },
};

async function committed(run: SinkRun): Promise<number> {
  const sink = run.sink();
  // A sink that commits part by part is never asked to commit nothing.
  return sink.traits.commit === 'part' ? 0 : (await Array.fromAsync(run.commitOnce([], sink))).length;
}

async function requireColumns({ target, table }: SinkRun, where: string): Promise<void> {
  const names = await target.columnNames!();
  for (const { name } of table.schema.fields) {
    ensure(names.includes(name), `${where}, the target lacks column "${name}"`);
  }
}
