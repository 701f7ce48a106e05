import { ensure, fail } from '../../check/check-failure.ts';
import { kept } from '../../check/check-tools.ts';
import type { SinkCheck } from '../../check/check.ts';
import { requireState, requireVersionRefused } from '../json-state.ts';
import { type CommittedPart, type KeptPart, type SinkRun, stageAll, startRun, writeAll } from './sink-run.ts';

const MESSAGE_BYTES = 65_536;

export const invisibleBeforeCommit: SinkCheck = {
  id: 'K4',
  side: 'sink',
  level: 'must',
  title: 'Nothing is visible before the commit, and everything after.',
  reason: 'It declares to be atomic.',
  needs: ['atomic'],
  async run(harness, tools) {
    const run = await startRun(harness, tools);
    await run.open();
    await run.requireRows('after `open`', []);
    const parts = await stageAll(run);
    await run.requireRows('with all parts prepared', []);
    const results = run.commitOnce(parts)[Symbol.asyncIterator]();
    await results.next();
    await run.requireRows('with the first result of the commit');
    await results.return?.();
  },
};

export const abortRemovesStaged: SinkCheck = {
  id: 'K4-abort',
  side: 'sink',
  level: 'must',
  title: '`abort` leaves the target as it was, and nothing staged; it may be repeated, and spares what is committed.',
  reason: 'A failed run must not leave half its rows, nor take away those of another.',
  needs: [],
  async run(harness, tools) {
    const run = await startRun(harness, tools);
    await run.open();
    const parts = await stageAll(run);
    run.abandon(await run.write({ split: 1, part: 0 }, { from: 0, to: 20 }, parts.at(-1)));
    for (const again of ['once', 'twice']) {
      const { leftBehind } = await run.abort(parts);
      const named = new Set(leftBehind.map(({ id }) => id));
      await run.requireRows(`aborted ${again}`, []);
      const left = ((await run.target.leftovers?.()) ?? []).filter((name) => !named.has(name));
      ensure(left.length === 0, `aborted ${again}, it leaves ${left.join(', ')} without a word`);
    }
    const whole = await startRun(harness, tools);
    await whole.open();
    const committed = await stageAll(whole);
    await whole.commit(committed);
    await whole.abort(committed);
    await whole.requireRows('aborted after the commit');
  },
};

export const crashAtEachStep: SinkCheck = {
  id: 'K5',
  side: 'sink',
  level: 'must',
  title: 'Whatever step a process dies at, another one that has the journal ends with the same content.',
  reason: 'Processes die at every step.',
  needs: [],
  async run(harness, tools) {
    for (const [step, die] of Object.entries(STEPS)) {
      const run = await startRun(harness, tools);
      await run.open();
      const prepared = await die(run);
      const parts = [...prepared];
      for (let part = parts.length; part < 3; part++) {
        parts.push(await run.stage({ split: 0, part }, { from: part * 10, to: part * 10 + 10 }, parts.at(-1)));
      }
      const results = await run.commit(parts);
      await run.requireRows(`died ${step}, then ended by another process`);
      requireResults(results, 30, `died ${step}`);
    }
  },
};

/** Does what a process did before it died, and gives the parts that its journal has. */
const STEPS: Readonly<Record<string, (run: SinkRun) => Promise<readonly KeptPart[]>>> = {
  'after `open`': async () => [],
  'while writing the first part': async (run) => {
    run.abandon(await run.write({ split: 0, part: 0 }, { from: 0, to: 7 }));
    return [];
  },
  'before the message of a part was kept': async (run) => {
    await run.stage({ split: 0, part: 0 }, { from: 0, to: 10 });
    return [];
  },
  'while writing the second part': async (run) => {
    const first = await run.stage({ split: 0, part: 0 }, { from: 0, to: 10 });
    run.abandon(await run.write({ split: 0, part: 1 }, { from: 10, to: 18 }, first));
    return [first];
  },
  'with all parts prepared': (run) => stageAll(run),
  'within the commit': async (run) => {
    const parts = await stageAll(run);
    // The iteration is never taken up again.
    const first = run.sink().traits.commit === 'end' ? parts : parts.slice(0, 1);
    const results = run.commitOnce(first)[Symbol.asyncIterator]();
    await results.next();
    return parts;
  },
  'after the commit': async (run) => {
    const parts = await stageAll(run);
    await run.commit(parts);
    return parts;
  },
};

export const commitTwice: SinkCheck = {
  id: 'K6',
  side: 'sink',
  level: 'must',
  title: 'The same commit again, on the same instance or another, has one effect and the same results.',
  reason: 'A reply that is lost is asked for again.',
  needs: [],
  async run(harness, tools) {
    const run = await startRun(harness, tools);
    await run.open();
    const parts = await stageAll(run);
    const sink = run.sink();
    const first = await run.commit(parts, sink);
    for (const [again, committer] of [
      ['on the same instance', sink],
      ['on another', run.sink()],
    ] as const) {
      const results = await run.commit(parts, committer);
      await run.requireRows(`committed again ${again}`);
      ensure(
        JSON.stringify(results) === JSON.stringify(first),
        `committed again ${again}, it gives other results than the first time`,
      );
    }
  },
};

export const messageState: SinkCheck = {
  id: 'K7',
  side: 'sink',
  level: 'must',
  title: 'Target and messages are small JSON with a version, and an unknown version is refused.',
  reason: 'A journal outlives the version that wrote it.',
  needs: [],
  async run(harness, tools) {
    const run = await startRun(harness, tools);
    const aim = await run.open();
    requireState(aim, 'the target', MESSAGE_BYTES);
    const rows = { from: 0, to: 30 };
    const writer = await run.write({ split: 0, part: 0 }, rows);
    // As it is handed over: through JSON, what is none looks as if it were.
    const message = await writer.prepare();
    requireState(message, 'a message', MESSAGE_BYTES);
    await writer[Symbol.asyncDispose]();
    const part: KeptPart = { part: { split: 0, part: 0 }, message: kept(message), rows };
    await requireVersionRefused(part.message, 'a message', (other) => run.commit([{ ...part, message: other }]));
    await requireVersionRefused(aim, 'a target', (other) => Array.fromAsync(run.commitOnce([part], run.sink(), other)));
    await run.commit([part]);
    await run.requireRows('after versions were refused');
  },
};

export const ackMeansDurable: SinkCheck = {
  id: 'K8',
  side: 'sink',
  level: 'must',
  title:
    'What `prepare` has resolved for can be committed by another process; what `commit` has resolved for is there.',
  reason: 'An acknowledgement that comes early is a lost row later.',
  needs: [],
  async run(harness, tools) {
    const run = await startRun(harness, tools);
    await run.open();
    const parts: KeptPart[] = [];
    for (const part of [0, 1, 2]) {
      const rows = { from: part * 10, to: part * 10 + 10 };
      const writer = await run.write({ split: 0, part }, rows, parts.at(-1));
      parts.push({ part: { split: 0, part }, message: await writer.prepare(), rows });
      // Neither the writer nor its instance ever comes to an end.
      run.abandon(writer);
    }
    await run.commit(parts);
    await run.requireRows('as soon as the commit has resolved');
  },
};

export const threeOutcomes: SinkCheck = {
  id: 'K11',
  side: 'sink',
  level: 'must',
  title: 'Of every part, rows written, rejected and in doubt are the rows it was given.',
  reason: 'A row that is in none of the three is lost in silence.',
  needs: [],
  async run(harness, tools) {
    const run = await startRun(harness, tools);
    requireResults(await writeAll(run), 30, 'committed');
  },
};

function requireResults(parts: readonly CommittedPart[], rows: number, where: string): void {
  const counted = parts.map(({ writtenRows, rejects, inDoubt }) => {
    const doubtful = inDoubt.reduce((sum, { from, to }) => sum + to - from, 0);
    return writtenRows + rejects.length + doubtful;
  });
  const total = counted.reduce((sum, count) => sum + count, 0);
  if (parts.length !== 3) fail(`${where}: ${parts.length} results for 3 parts`);
  if (total !== rows) fail(`${where}: results count ${total} rows, and ${rows} were written`);
  const wrong = counted.findIndex((count) => count !== rows / 3);
  if (wrong !== -1) fail(`${where}: the result of a part counts ${counted[wrong]} rows, and it has ${rows / 3}`);
}
