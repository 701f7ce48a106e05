import { SluiceError } from '@sluice/core';

import { ensure, errorText, fail } from '../../check/check-failure.ts';
import { type CheckTools, checkTools } from '../../check/check-tools.ts';
import type { PluginCheck } from '../../check/check.ts';
import { settled } from '../../tools/event-loop.ts';
import { type Holdings, holdings, moreThan } from '../../tools/leak-watch.ts';
import { ownTempFolder } from '../../tools/temp-folder.ts';
import { openSubject, type PluginWithLife } from './subject.ts';

const CYCLES = 50;
const WHOLE_CYCLES = 6;
const PATIENCE_TURNS = 200;
/** Number of the first row of an instance whose rows are not those of the other. */
const OTHER_ROWS = 25;
/** Of the work, each followed by others that have to look at the signal. */
const STEPS = 3;

export const constructionIsIdle: PluginCheck = {
  id: 'B5',
  side: 'plugin',
  level: 'must',
  title: 'Making an instance does no I/O and opens nothing.',
  reason: 'Instances are made to be explained, compared and thrown away.',
  needs: [],
  async run(harness, tools) {
    const { plugin, requests } = await openSubject(harness, tools);
    const [held, before] = [await holdings(), requests?.()];
    for (let n = 0; n < 10; n++) plugin();
    const more = moreThan(held, await holdings());
    ensure(requests?.() === before, 'making an instance sends requests');
    if (more.length > 0) fail(`making 10 instances leaves open: ${more.join(', ')}`);
  },
};

export const checkSucceeds: PluginCheck = {
  id: 'B6',
  side: 'plugin',
  level: 'must',
  title: '`check` succeeds where all is well, and leaves nothing behind.',
  reason: 'It is called before anything is started.',
  needs: [],
  async run(harness, tools) {
    const { plugin, leftovers } = await openSubject(harness, tools);
    const before = await leftovers?.();
    await plugin().check(tools.context().ctx);
    const left = (await leftovers?.())?.filter((name) => before?.includes(name) !== true) ?? [];
    ensure(left.length === 0, `\`check\` leaves ${left.join(', ')}`);
  },
};

export const disposal: PluginCheck = {
  id: 'B7',
  side: 'plugin',
  level: 'must',
  title: 'An instance can be disposed of unused, twice, and while a call is under way.',
  reason: 'Whoever fails disposes of everything, whatever state it is in.',
  needs: [],
  async run(harness, tools) {
    const { plugin } = await openSubject(harness, tools);
    const unused = plugin();
    await disposed(unused, 'unused');
    await disposed(unused, 'a second time');
    const used = plugin();
    await used.check(tools.context().ctx);
    await disposed(used, 'after its check');
    await disposed(used, 'a second time');
    const busy = plugin();
    const checking = busy.check(tools.context().ctx).catch((error: unknown) => error);
    await disposed(busy, 'while a call is under way');
    const error = await checking;
    ensure(
      error === undefined || SluiceError.is(error),
      `a call under way while the instance is disposed of ends with ${errorText(error)}`,
    );
  },
};

async function disposed(instance: AsyncDisposable, when: string): Promise<void> {
  const ended = await outcomeOf(async () => await instance[Symbol.asyncDispose]());
  if (ended !== undefined) fail(`disposed of ${when}, it fails with ${errorText(ended.error)}`);
}

export const isolation: PluginCheck = {
  id: 'B8',
  side: 'plugin',
  level: 'must',
  title:
    'Instances do not disturb each other: two at work at once with rows of their own, one that ends beside another.',
  reason: 'A program copies from and to the same system.',
  needs: [],
  async run(harness, tools) {
    const subjects = await Promise.all([openSubject(harness, tools), openSubject(harness, tools, OTHER_ROWS)]);
    const results = await Promise.allSettled(subjects.map((subject) => subject.work(tools.context().ctx)));
    for (const [i, result] of results.entries()) {
      if (result.status === 'rejected') fail(`beside another instance it fails with ${errorText(result.reason)}`);
      const difference = await subjects[i]!.difference();
      if (difference !== undefined) fail(`beside another instance, which has rows of its own: ${difference}`);
    }

    const { plugin, work, difference } = await openSubject(harness, tools);
    const other = plugin();
    await other.check(tools.context().ctx);
    let disposing: Promise<void> | undefined;
    const ended = await outcomeOf(() =>
      work(tools.context().ctx, () => {
        disposing ??= Promise.resolve(other[Symbol.asyncDispose]());
      }),
    );
    await disposing;
    if (ended !== undefined) fail(`when another instance is disposed of, it fails with ${errorText(ended.error)}`);
    const lost = await difference();
    if (lost !== undefined) fail(`when another instance is disposed of: ${lost}`);
  },
};

export const cyclesAreFlat: PluginCheck = {
  id: 'B8-cycles',
  side: 'plugin',
  level: 'must',
  title: 'Instances made, used and disposed of leave handles, timers, listeners and temporary files as they were.',
  reason: 'A process that copies every minute must not fill up.',
  needs: [],
  async run(harness, tools) {
    const { plugin } = await openSubject(harness, tools);
    const test = tools.context();
    const cycle = async (): Promise<void> => {
      const instance = plugin();
      await instance.check(test.ctx);
      await instance[Symbol.asyncDispose]();
    };
    for (let n = 0; n < 5; n++) await cycle();
    const [held, listeners] = [await holdings(), test.signalListeners()];
    for (let n = 0; n < CYCLES; n++) await cycle();
    const more = await stillMoreThan(held, 1);
    if (more.length > 0) fail(`${CYCLES} instances leave open: ${more.join(', ')}`);
    const left = test.signalListeners() - listeners;
    ensure(left <= 0, `${CYCLES} instances leave ${left} listeners on the signal`);

    // The first ones open what is shared, such as connections.
    for (let n = 0; n < 2; n++) await wholeCycle(harness, tools);
    const atRest = await holdings();
    const temporary = tools.use(await ownTempFolder());
    for (let n = 0; n < WHOLE_CYCLES; n++) await wholeCycle(harness, tools);
    const kept = await stillMoreThan(atRest, WHOLE_CYCLES);
    if (kept.length > 0) fail(`${WHOLE_CYCLES} instances whose work is done leave open: ${kept.join(', ')}`);
    const files = await temporary.names();
    ensure(files.length === 0, `${WHOLE_CYCLES} instances whose work is done leave ${files.length} temporary files`);
  },
};

/** What is open beyond what was, by at least so many: connections that are closed go when the system has heard of it. */
async function stillMoreThan(before: Holdings, least: number): Promise<readonly string[]> {
  let more = moreThan(before, await holdings(), least);
  for (let turn = 0; more.length > 0 && turn < PATIENCE_TURNS; turn++) {
    more = moreThan(before, await holdings(), least);
  }
  return more;
}

/** From a new remote side to its end. */
async function wholeCycle(harness: PluginWithLife, { seed }: CheckTools): Promise<void> {
  await using own = checkTools(seed);
  const { work } = await openSubject(harness, own);
  await work(own.context().ctx);
}

export const abortBefore: PluginCheck = {
  id: 'B9',
  side: 'plugin',
  level: 'must',
  title: 'Aborted before the start, it does no I/O and rejects with the reason itself.',
  reason: 'A program knows its own reason, and nothing else tells it from a failure.',
  needs: [],
  async run(harness, tools) {
    const { plugin, requests, work } = await openSubject(harness, tools);
    const reason = new Error('given up');
    const test = tools.context();
    test.abort(reason);
    const before = requests?.();
    for (const [what, call] of [
      ['`check`', () => plugin().check(test.ctx)],
      ['its work', () => work(test.ctx)],
    ] as const) {
      const ended = await outcomeOf(call);
      if (ended === undefined) ensure(harness.isInMemory === true, `${what} succeeds although its signal is aborted`);
      else
        ensure(ended.error === reason, `aborted, ${what} rejects with ${errorText(ended.error)} instead of the reason`);
    }
    ensure(requests?.() === before, 'it sends requests although its signal is aborted');
  },
};

async function outcomeOf(call: () => Promise<unknown>): Promise<{ readonly error: unknown } | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return { error };
  }
}

export const abortDuring: PluginCheck = {
  id: 'B9-during',
  side: 'plugin',
  level: 'must',
  title: 'Aborted at work, it stops soon, with the reason itself, and takes its listeners off the signal.',
  reason: 'Cancelling is prompt, or people kill the process.',
  needs: [],
  async run(harness, tools) {
    for (const turns of [0, 1, 2, 3, 5, 8, 13, 21]) {
      const { work, requests } = await openSubject(harness, tools);
      const reason = new Error('given up');
      const test = tools.context({ batch: { rows: 5 } });
      let isDone = false;
      const working = outcomeOf(() => work(test.ctx)).finally(() => {
        isDone = true;
      });
      await settled(turns);
      // Work that is done before anybody could abort it is prompt enough.
      if (isDone) continue;
      const abortMs = tools.clock.now();
      test.abort(reason);
      const before = requests?.() ?? 0;
      const ended = await working;
      if (ended !== undefined) {
        ensure(
          ended.error === reason,
          `aborted at work, it rejects with ${errorText(ended.error)} instead of the reason`,
        );
      }
      const tookMs = tools.clock.now() - abortMs;
      ensure(tookMs <= 250, `aborted at work, it goes on for ${tookMs} ms`);
      const more = (requests?.() ?? 0) - before;
      ensure(more <= 1, `aborted at work, it sends ${more} more requests`);
      await settled();
      const left = test.signalListeners();
      ensure(left === 0, `aborted at work, it leaves ${left} listeners on the signal`);
    }
    if (harness.isInMemory === true) return;
    for (let nth = 0; nth < STEPS; nth++) {
      const { work } = await openSubject(harness, tools);
      const reason = new Error('given up');
      const test = tools.context({ batch: { rows: 5 } });
      const passed: string[] = [];
      const ended = await outcomeOf(() =>
        work(test.ctx, (step) => {
          if (passed.push(step) === nth + 1) test.abort(reason);
        }),
      );
      const step = passed[nth];
      if (step === undefined) break;
      if (ended === undefined) fail(`aborted after ${step}, it goes on to its end`);
      ensure(
        ended.error === reason,
        `aborted after ${step}, it rejects with ${errorText(ended.error)} instead of the reason`,
      );
    }
  },
};

export const abortAfter: PluginCheck = {
  id: 'B10',
  side: 'plugin',
  level: 'must',
  title: 'Aborted after it has ended, nothing happens.',
  reason: 'A signal may be that of the whole program.',
  needs: [],
  async run(harness, tools) {
    const { plugin, work, requests, leftovers } = await openSubject(harness, tools);
    const test = tools.context();
    await work(test.ctx);
    await settled();
    const listeners = test.signalListeners();
    ensure(listeners === 0, `when it has ended, ${listeners} listeners are left on the signal`);
    const [before, left] = [requests?.(), await leftovers?.()];
    test.abort(new Error('too late'));
    await settled(20);
    ensure(requests?.() === before, 'aborted after it has ended, it sends requests');
    // What the remote side had not heard the end of may go.
    const more = (await leftovers?.())?.filter((name) => left?.includes(name) !== true) ?? [];
    ensure(more.length === 0, `aborted after it has ended, it leaves behind: ${more.join(', ')}`);
    await plugin().check(tools.context().ctx);
  },
};
