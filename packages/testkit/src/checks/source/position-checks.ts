import type { Delivery, Json } from '@sluice/core';

import { ensure } from '../../check/check-failure.ts';
import { kept } from '../../check/check-tools.ts';
import type { SourceCheck } from '../../check/check.ts';
import { deliveredRows, openFixture, planSource, readSplit, requireRows } from './source-run.ts';

export const resumeAnywhere: SourceCheck = {
  id: 'S10',
  side: 'source',
  level: 'must',
  title: 'Rows before a position and rows read on from it are all rows, once, for every position.',
  reason: 'A resumed run must neither lose nor repeat a row.',
  needs: ['positions'],
  async run(harness, tools) {
    const { source, expected } = await openFixture(harness, tools, tools.isLong ? 1000 : 90);
    const test = tools.context({ batch: { rows: 7 } });
    const reader = source();
    const { plan, splits } = await planSource(reader, test);
    let positions = 0;
    for (const split of splits) {
      const whole = await readSplit(reader, plan, split, test);
      const rows = deliveredRows(whole);
      for (const [i, { position }] of whole.entries()) {
        if (position === undefined) continue;
        positions++;
        const before = deliveredRows(whole.slice(0, i + 1));
        const process = test.anotherProcess();
        const after = deliveredRows(await readSplit(source(), plan, split, process, kept(position)));
        const where = `resumed from position ${i + 1} of a split`;
        requireRows({ ...expected, rows }, [...before, ...after], where, true);
      }
    }
    ensure(positions > 0, 'it declares positions, and gave none');
  },
};

export const noPositions: SourceCheck = {
  id: 'S10-none',
  side: 'source',
  level: 'must',
  title: 'Positions are given by those sources alone that declare them.',
  reason: 'The engine asks what is declared, and takes an undeclared position for a defect.',
  needs: [],
  async run(harness, tools) {
    const { source } = await openFixture(harness, tools, 40);
    const test = tools.context({ batch: { rows: 7 } });
    const reader = source();
    const { plan, splits } = await planSource(reader, test);
    for (const split of splits) {
      for (const { position } of await readSplit(reader, plan, split, test)) {
        ensure(reader.traits.positions || position === undefined, 'it gives a position, and declares that it has none');
      }
    }
  },
};

export const positionIsBehindDelivery: SourceCheck = {
  id: 'S12',
  side: 'source',
  level: 'must',
  title: 'A position is that of its own delivery, also when several were asked for at once.',
  reason: 'A position ahead of its rows loses them on a resume.',
  needs: ['positions'],
  async run(harness, tools) {
    const { source, expected } = await openFixture(harness, tools, 60);
    const test = tools.context({ batch: { rows: 5 } });
    const reader = source();
    const { plan, splits } = await planSource(reader, test);
    const split = splits[0]!;
    const rows = deliveredRows(await readSplit(reader, plan, split, test));

    const iterator = reader.read(plan, split, test.ctx)[Symbol.asyncIterator]();
    const asked = await Promise.all([iterator.next(), iterator.next(), iterator.next()]);
    await iterator.return?.();

    const deliveries = asked.flatMap((result): readonly Delivery<Json>[] =>
      result.done === true ? [] : [result.value],
    );
    for (const [i, { position }] of deliveries.entries()) {
      if (position === undefined) continue;
      const after = deliveredRows(await readSplit(source(), plan, split, test.anotherProcess(), kept(position)));
      const before = deliveredRows(deliveries.slice(0, i + 1));
      requireRows({ ...expected, rows }, [...before, ...after], `delivery ${i + 1} of 3 asked for at once`, true);
    }
  },
};
