import { batchBytes } from '@sluice/core';
import { Field, Int32, Schema, Utf8 } from 'apache-arrow';

import { ensure, fail } from '../../check/check-failure.ts';
import type { CheckTools } from '../../check/check-tools.ts';
import type { SinkCheck } from '../../check/check.ts';
import { namesWithin } from '../../data/odd-names.ts';
import { rowsOf } from '../../data/row-cells.ts';
import { rowDifference } from '../../data/row-difference.ts';
import { rowsForAllValues, tableOf } from '../../data/test-table.ts';
import type { SinkHarness } from '../../harness/sink-harness.ts';
import { settled } from '../../tools/event-loop.ts';
import { SinkRun, stageAll, startRun, writeAll } from './sink-run.ts';

export const roundTrip: SinkCheck = {
  id: 'K3',
  side: 'sink',
  level: 'must',
  title: 'What is written is what is there: every value of every type, in every column.',
  reason: 'A value changed on the way is damage that nobody notices.',
  needs: [],
  async run(harness, tools) {
    const run = await startRun(harness, tools, { rows: rowsForAllValues(harness.columns), hasLargeValues: true });
    const parts = await writeAll(run);
    for (const { rejects } of parts) {
      if (rejects[0] !== undefined) fail(`it rejects a row that it declares it can hold: ${rejects[0].message}`);
    }
    await run.requireRows('after the commit');
    await requireBatchKept(harness, tools);
  },
};

/** Whoever made a batch may give it to others besides, or write it again. */
async function requireBatchKept(harness: SinkHarness, tools: CheckTools): Promise<void> {
  const run = await startRun(harness, tools);
  await run.open();
  const { schema, identity, rows } = run.table;
  const batch = run.table.batch();
  await using writer = await run.writer({ split: 0, part: 0 });
  await writer.write(batch);
  await writer.prepare();
  const difference = rowDifference({ schema, identity, rows }, rowsOf(batch), true);
  if (difference !== undefined) fail(`the batch it was given has changed since: ${difference}`);
  await run.abort([]);
}

export const rebatching: SinkCheck = {
  id: 'K17',
  side: 'sink',
  level: 'must',
  title: 'The content is the same however rows were batched.',
  reason: 'Output is a function of rows and options, not of when bytes arrived.',
  needs: [],
  async run(harness, tools) {
    const contents: ReadonlyMap<string, Uint8Array>[] = [];
    for (const batchRows of [1, 7, 1000]) {
      const run = await startRun(harness, tools, { rows: 60 });
      await run.open();
      await run.commit([await run.stage({ split: 0, part: 0 }, { from: 0, to: 60, batchRows })]);
      await run.requireRows(`written in batches of ${batchRows}`);
      const content = await run.target.content?.();
      if (content !== undefined) contents.push(content);
    }
    const [first, ...others] = contents.map((content) =>
      JSON.stringify([...content].map(([name, bytes]) => [name, hex(bytes)])),
    );
    ensure(
      others.every((other) => other === first),
      'the bytes are others when rows come in other batches, or hold a clock or a run id',
    );
  },
};

export const backpressure: SinkCheck = {
  id: 'K16',
  side: 'sink',
  level: 'must',
  title: 'While the target takes nothing, `write` waits, and no more is held than `bufferBytes`.',
  reason: 'Memory is bounded by what writers may hold.',
  needs: ['stall'],
  async run(harness, tools) {
    const run = await startRun(harness, tools, { rows: 200 });
    await run.open();
    const writer = tools.use(await run.writer({ split: 0, part: 0 }));
    const stall = run.target.stall!();
    const batch = run.table.batch();
    const size = batchBytes(batch, 0, batch.numRows);
    const { bufferBytes } = run.sink().traits;
    const most = Math.ceil(bufferBytes / size) + 1;
    let taken = 0;
    let pending: Promise<unknown> | undefined;
    for (; taken <= most && pending === undefined;) {
      let isDone = false;
      const writing = writer.write(batch).then(() => (isDone = true));
      writing.catch(() => {});
      await settled(60);
      if (isDone) taken++;
      else pending = writing;
    }
    stall.release();
    await pending;
    ensure(
      taken <= most,
      `${taken} batches of ${size} bytes were taken while the target took nothing, and \`bufferBytes\` is ${bufferBytes}`,
    );
  },
};

export const oddNames: SinkCheck = {
  id: 'K20',
  side: 'sink',
  level: 'must',
  title: 'Columns may have any name: quotes, blanks, reserved words, path separators.',
  reason: 'A name is data, and must not become part of a statement or a path.',
  needs: ['anySchema'],
  async run(harness, tools) {
    const identity = new Field(harness.identity, new Utf8(), true);
    const names = namesWithin(harness.maxNameBytes);
    const fields = [identity, ...names.map((name) => new Field(name, new Int32(), true))];
    const rows = [0, 1, 2].map((row) => ({
      [identity.name]: `row ${row}`,
      ...Object.fromEntries(names.map((name, i) => [name, row * 100 + i])),
    }));
    const table = tableOf(new Schema(fields), harness.identity, rows);
    const run = new SinkRun(harness, tools, tools.use(await harness.target()), table);
    await run.open();
    await run.commit([await run.stage({ split: 0, part: 0 }, { from: 0, to: 3 })]);
    await run.requireRows('with odd names of columns');
  },
};

export const concurrentWriters: SinkCheck = {
  id: 'K21',
  side: 'sink',
  level: 'must',
  title: 'Writers side by side do not disturb each other.',
  reason: 'Splits are written in parallel.',
  needs: ['parallelWriters'],
  async run(harness, tools) {
    const run = await startRun(harness, tools, { rows: 60 });
    await run.open();
    const count = Math.min(4, run.sink().traits.writers);
    const share = 60 / count;
    const writers = await Promise.all(Array.from({ length: count }, (_, split) => run.writer({ split, part: 0 })));
    for (let at = 0; at < share; at += 5) {
      await Promise.all(
        writers.map((writer, split) =>
          writer.write(run.table.batch(split * share + at, split * share + Math.min(share, at + 5))),
        ),
      );
    }
    const parts = await Promise.all(
      writers.map(async (writer, split) => ({
        part: { split, part: 0 },
        message: await writer.prepare(),
        rows: { from: split * share, to: (split + 1) * share },
      })),
    );
    for (const writer of writers) await writer[Symbol.asyncDispose]();
    await run.commit(parts);
    await run.requireRows(`written by ${count} writers at once`);
  },
};

export const keptOrder: SinkCheck = {
  id: 'K22',
  side: 'sink',
  level: 'must',
  title: 'Rows stay in the order of splits, parts and rows, also when a part was written again.',
  reason: 'An order that was asked for ends with the first retry otherwise.',
  needs: ['keepsOrder'],
  async run(harness, tools) {
    const run = await startRun(harness, tools, { rows: 30 });
    await run.open();
    const first = await run.stage({ split: 0, part: 0 }, { from: 0, to: 10 });
    run.abandon(await run.write({ split: 0, part: 1 }, { from: 10, to: 15 }, first));
    const second = await run.stage({ split: 0, part: 1 }, { from: 10, to: 20 }, first);
    const third = await run.stage({ split: 1, part: 0 }, { from: 20, to: 30 }, second);
    await run.commit([first, second, third]);
    await run.requireRows('with a part that was written again');
  },
};

export const writtenAgain: SinkCheck = {
  id: 'K9',
  side: 'sink',
  level: 'must',
  title: 'A part that is written again counts once, as it was written last.',
  reason: 'The engine writes a part anew after a failure.',
  needs: [],
  async run(harness, tools) {
    const run = await startRun(harness, tools, { rows: 30 });
    await run.open();
    const first = await run.stage({ split: 0, part: 0 }, { from: 0, to: 15 });
    await run.stage({ split: 0, part: 1 }, { from: 15, to: 20 }, first);
    const second = await run.stage({ split: 0, part: 1 }, { from: 15, to: 30 }, first);
    await run.commit([first, second]);
    await run.requireRows('with a part that was prepared twice');
  },
};

export const discardedWriter: SinkCheck = {
  id: 'K23',
  side: 'sink',
  level: 'must',
  title: 'A writer that ends without `prepare` leaves nothing of its part.',
  reason: 'Half a part must not become visible.',
  needs: [],
  async run(harness, tools) {
    const run = await startRun(harness, tools, { rows: 30 });
    await run.open();
    const before = (await run.target.leftovers?.()) ?? [];
    const writer = await run.write({ split: 0, part: 0 }, { from: 0, to: 20 });
    await writer[Symbol.asyncDispose]();
    await run.requireRows('after a writer ended without `prepare`', []);
    const left = ((await run.target.leftovers?.()) ?? []).filter((name) => !before.includes(name));
    ensure(left.length === 0, `a writer that ended without \`prepare\` leaves ${left.join(', ')}`);
    await run.commit(await stageAll(run));
    await run.requireRows('after the part was written anew');
  },
};

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
