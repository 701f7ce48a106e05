import { ensure, fail } from '../../check/check-failure.ts';
import type { SourceCheck } from '../../check/check.ts';
import { settled } from '../../tools/event-loop.ts';
import { firstOf } from '../../tools/first-of.ts';
import { holdings, moreThan } from '../../tools/leak-watch.ts';
import { manyRows, openFixture, planSource, readSplit } from './source-run.ts';

const QUIET_TURNS = 60;

export const demandDrivesSupply: SourceCheck = {
  id: 'S5',
  side: 'source',
  level: 'must',
  title: 'With no demand, requests stop.',
  reason: 'A slow target must slow the source down, or memory fills.',
  needs: ['requests'],
  async run(harness, tools) {
    const { fixture, source } = await openFixture(harness, tools, manyRows(harness));
    const test = tools.context({ batch: { rows: 10 } });
    const reader = source();
    const { plan, splits } = await planSource(reader, test);
    const split = splits[0]!;
    const atStart = fixture.requests!();
    await readSplit(reader, plan, split, test);
    const whole = fixture.requests!() - atStart;

    const before = fixture.requests!();
    const iterator = reader.read(plan, split, test.ctx)[Symbol.asyncIterator]();
    await iterator.next();
    await settled(QUIET_TURNS);
    const once = fixture.requests!() - before;
    await settled(QUIET_TURNS);
    const later = fixture.requests!() - before;
    await iterator.return?.();

    ensure(later === once, `${later - once} requests were made while nobody asked for a batch`);
    ensure(whole < 4 || once <= whole / 2, `${once} of ${whole} requests were made for the first batch alone`);
  },
};

export const earlyEnd: SourceCheck = {
  id: 'S8',
  side: 'source',
  level: 'must',
  title: 'Whoever stops reading early leaves nothing open, and no request follows.',
  reason: 'A consumer breaks off whenever a run fails elsewhere.',
  needs: [],
  async run(harness, tools) {
    const { fixture, source } = await openFixture(harness, tools, manyRows(harness));
    const test = tools.context({ batch: { rows: 10 } });
    const reader = source();
    const { plan, splits } = await planSource(reader, test);
    // The first time opens what is shared, such as connections.
    await firstOf(reader.read(plan, splits[0]!, test.ctx));
    const [held, listeners] = [await holdings(), test.signalListeners()];

    for (let n = 0; n < 5; n++) await firstOf(reader.read(plan, splits[0]!, test.ctx));
    const requests = fixture.requests?.();
    await settled(QUIET_TURNS);

    ensure(fixture.requests?.() === requests, 'requests follow after reading was broken off');
    const more = moreThan(held, await holdings());
    if (more.length > 0) fail(`reading that is broken off leaves open: ${more.join(', ')}`);
    const left = test.signalListeners() - listeners;
    ensure(left <= 0, `reading that is broken off leaves ${left} listeners on the signal`);
  },
};
