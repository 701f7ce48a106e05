import { ensure, fail } from '../../check/check-failure.ts';
import type { SourceCheck } from '../../check/check.ts';
import { settled } from '../../tools/event-loop.ts';
import { firstOf } from '../../tools/first-of.ts';
import { holdings, moreThan } from '../../tools/leak-watch.ts';
import { manyRows, openFixture, planSource, readSplit } from './source-run.ts';

const QUIET_TURNS = 60;
/** Of a split, without which reading ahead cannot be told from reading. */
const LEAST_REQUESTS = 4;
/** The engine reads ahead by batches; a source may have the next page on its way. */
const AHEAD_REQUESTS = 1;

export const demandDrivesSupply: SourceCheck = {
  id: 'S5',
  side: 'source',
  level: 'must',
  title:
    'Requests follow demand: none before a row is asked for, no more than one ahead of it, and none while nobody asks.',
  reason: 'A slow target must slow the source down, or memory fills.',
  needs: ['requests'],
  async run(harness, tools) {
    const { fixture, source } = await openFixture(harness, tools, manyRows(harness));
    const requests = (): number => fixture.requests!();
    const test = tools.context({ batch: { rows: 10 } });
    const reader = source();
    const { plan, splits } = await planSource(reader, test);
    const split = splits[0]!;
    const atStart = requests();
    const deliveries = (await readSplit(reader, plan, split, test)).length;
    const whole = requests() - atStart;
    ensure(requests() > 0, 'the harness counts no request, although a split was planned and read');
    ensure(
      whole < 2 || whole >= LEAST_REQUESTS,
      `a split of the fixture takes ${whole} requests, too few to see them stop: make its pages smaller, or raise \`manyRows\``,
    );

    const before = requests();
    const iterator = reader.read(plan, split, test.ctx)[Symbol.asyncIterator]();
    await settled(QUIET_TURNS);
    const unasked = requests() - before;
    ensure(unasked === 0, `${unasked} requests were made before anybody asked for a row`);
    for (let n = 1; n <= deliveries; n++) {
      await iterator.next();
      await settled(QUIET_TURNS);
      const made = requests() - before;
      const needed = Math.ceil((whole * n) / deliveries);
      ensure(
        made <= needed + AHEAD_REQUESTS,
        `${made} requests were made when ${n} of ${deliveries} deliveries had been asked for, and ${needed} of ${whole} bring those`,
      );
      await settled(QUIET_TURNS);
      const more = requests() - before - made;
      ensure(more === 0, `${more} requests were made while nobody asked for a batch`);
    }
    await iterator.return?.();
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
