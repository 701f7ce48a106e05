import { type Sink, SluiceError, type Writer } from '@sluice/core';

import { batchOf, type MemoryTarget, rowsOf } from '../../src/index.ts';
import type { Mutant } from './mutant.ts';
import { commits, mutant, sink, writers } from './sink-mutant.ts';

const ONLY_WRITERS = new WeakMap<MemoryTarget, Promise<Writer>>();

export const SINK_MUTANTS: readonly Mutant[] = [
  mutant('K1', 'refuses columns it declares', /TYPE_UNSUPPORTED: column "map"/, {
    options: { refuseField: ({ name }) => name === 'map' },
  }),
  mutant('K1-refused', 'accepts what it cannot hold', /column "dense_union" is accepted, and cannot be held/, {
    options: { refuseField: () => false },
  }),
  mutant(
    'K2',
    'writes a row where there is none',
    /after a commit without a part: 1 rows too many/,
    commits(async function* (correct, target, aim, schema, parts, ctx) {
      yield* correct.commit(aim, schema, parts, ctx);
      if (parts.length === 0) target.published = [{ row_id: 'made up' }];
    }),
  ),
  mutant(
    'K3',
    'trims text',
    /in column "(large_)?text/,
    writers((writer) => ({
      write: (batch) =>
        writer.write(
          batchOf(
            batch.schema,
            rowsOf(batch).map((row) => ({ ...row, text: typeof row['text'] === 'string' ? row['text'].trim() : null })),
          ),
        ),
    })),
  ),
  mutant(
    'K4',
    'shows rows as they are written',
    /with all parts prepared: \d+ rows too many/,
    writers((writer, target) => ({
      async write(batch) {
        target.published = [...(target.published ?? []), ...rowsOf(batch)];
        return await writer.write(batch);
      },
    })),
  ),
  mutant(
    'K4-abort',
    'leaves staged parts behind an abort',
    /aborted once, it leaves run/,
    sink(() => ({ abort: async () => ({ leftBehind: [] }) })),
  ),
  mutant(
    'K5',
    'adds to a part that is written again',
    /died .*(rows too many|fails|results)/,
    sink((correct, target) => ({
      async writer(aim, schema, id, ctx, after) {
        const key = [...target.staged.keys()].find((name) => name.endsWith(`/${id.split}/${id.part}`));
        const before = key === undefined ? [] : (target.staged.get(key) ?? []);
        const writer = await correct.writer(aim, schema, id, ctx, after);
        return {
          ...writer,
          async prepare() {
            const message = await writer.prepare();
            const staged = [...target.staged.keys()].at(-1) ?? '';
            target.staged.set(staged, [...before, ...(target.staged.get(staged) ?? [])]);
            return message;
          },
        };
      },
    })),
  ),
  mutant(
    'K6',
    'commits again what is committed',
    /committed again on the same instance: \d+ rows too many/,
    commits(async function* (correct, target, ...args) {
      const before = target.published;
      const wasCommitted = target.committed.size > 0;
      yield* correct.commit(...args);
      if (wasCommitted) target.published = [...(before ?? []), ...(before ?? [])];
    }),
  ),
  mutant(
    'K3',
    'writes into the batch it is given',
    /the batch it was given has changed since/,
    writers((writer) => ({
      async write(batch) {
        const outcome = await writer.write(batch);
        (batch.getChild('int32')!.data[0]!.values as Int32Array).fill(7);
        return outcome;
      },
    })),
  ),
  mutant(
    'K7',
    'hands over a date that is no JSON',
    /a message holds an object of class Date at \.at/,
    writers((writer) => ({
      prepare: async () => ({ ...((await writer.prepare()) as object), at: new Date(0) as never }),
    })),
  ),
  mutant(
    'K7',
    'hands over messages without a version',
    /a message carries no version/,
    writers((writer) => ({
      prepare: async () => ({ ...((await writer.prepare()) as object), version: undefined }),
    })),
  ),
  mutant(
    'K8',
    'says that rows are there before they are',
    /as soon as the commit has resolved: \d+ of \d+ rows are missing/,
    commits(async function* (correct, target, ...args) {
      const before = target.published;
      yield* correct.commit(...args);
      const after = target.published;
      target.published = before;
      setImmediate(() => (target.published = after));
    }),
  ),
  mutant(
    'K9',
    'keeps every attempt at a part',
    /with a part that was prepared twice: \d+ rows too many/,
    sink((correct, target) => ({
      async writer(aim, schema, id, ctx, after) {
        const key = [...target.staged.keys()].find((name) => name.endsWith(`/${id.split}/${id.part}`));
        const before = key === undefined ? [] : (target.staged.get(key) ?? []);
        const writer = await correct.writer(aim, schema, id, ctx, after);
        return {
          ...writer,
          async prepare() {
            const message = await writer.prepare();
            const staged = [...target.staged.keys()].at(-1) ?? '';
            target.staged.set(staged, [...before, ...(target.staged.get(staged) ?? [])]);
            return message;
          },
        };
      },
    })),
  ),
  mutant(
    'K10',
    'reports bad rows by their number in the batch',
    /rows 3, 4, 11, 29 are bad, and rows .* are reported|of the \d+ rows/,
    writers((writer) => {
      let rows = 0;
      return {
        async write(batch) {
          const { rejects = [] } = await writer.write(batch);
          const start = rows;
          rows += batch.numRows;
          return { rejects: rejects.map((reject) => ({ ...reject, row: reject.row - start })) };
        },
      };
    }),
  ),
  mutant(
    'K11',
    'counts rows it has not written',
    /results count \d+ rows, and 30 were written/,
    commits(async function* (correct, _target, ...args) {
      for await (const result of correct.commit(...args)) yield { ...result, writtenRows: result.writtenRows + 1 };
    }),
  ),
  mutant(
    'K11',
    'counts a row of one part as one of another',
    /the result of a part counts (9|11) rows, and it has 10/,
    commits(async function* (correct, _target, ...args) {
      const moved = [1, -1];
      for await (const result of correct.commit(...args)) {
        yield { ...result, writtenRows: result.writtenRows + (moved.shift() ?? 0) };
      }
    }),
  ),
  mutant(
    'K12',
    'shows rows of a run that rejected too many',
    /of a run that rejected too many rows: \d+ rows too many/,
    writers((writer, target) => ({
      async write(batch) {
        target.published = rowsOf(batch);
        return await writer.write(batch);
      },
    })),
  ),
  mutant(
    'K13-append',
    'overwrites where it should append',
    /after two runs: \d+ of \d+ rows are missing/,
    sink((correct) => ({
      open: async (schema, intent, ctx) => await correct.open(schema, { ...intent, mode: 'overwrite' }, ctx),
    })),
  ),
  mutant(
    'K13-overwrite',
    'empties the target when it is opened',
    /before the commit of the second run: \d+ of \d+ rows are missing/,
    sink((correct, target) => ({
      async open(...args) {
        const aim = await correct.open(...args);
        if (args[1].mode === 'overwrite' && target.published !== undefined) target.published = [];
        return aim;
      },
    })),
  ),
  mutant(
    'K13-upsert',
    'appends where it should replace',
    /after two runs: \d+ rows too many|row "row \d+" has/,
    sink((correct) => ({
      async open(schema, intent, ctx) {
        const aim = await correct.open(schema, intent, ctx);
        return { ...(aim as object), mode: 'append' };
      },
    })),
  ),
  mutant(
    'K15',
    'truncates when nothing comes',
    /overwritten by nothing, asked not to truncate: \d+ of \d+ rows are missing/,
    sink((correct) => ({
      open: (schema, intent, ctx) => correct.open(schema, { ...intent, truncateWhenEmpty: true }, ctx),
    })),
  ),
  mutant(
    'K16',
    'takes everything at once',
    /batches of \d+ bytes were taken while the target took nothing/,
    writers((writer) => ({
      async write(batch) {
        void writer.write(batch).catch(() => {});
        return {};
      },
    })),
  ),
  mutant('K17', 'lets its content depend on when batches came', /the bytes are others/, {
    harness: (harness) => ({
      ...harness,
      async target() {
        const target = await harness.target();
        let batches = 0;
        const counting = (sink: Sink): Sink => ({
          ...sink,
          async writer(...args) {
            const writer = await sink.writer(...args);
            return {
              ...writer,
              write(batch) {
                batches++;
                return writer.write(batch);
              },
            };
          },
        });
        return {
          ...target,
          sink: () => counting(target.sink()),
          content: async () => new Map([['row groups', Uint8Array.of(batches)]]),
        };
      },
    }),
  }),
  mutant(
    'K20',
    'escapes quotes twice',
    /in column "with \\?"quotes/,
    writers((writer) => ({
      write: (batch) =>
        writer.write(
          batchOf(
            batch.schema,
            rowsOf(batch).map((row) => ('with "quotes"' in row ? { ...row, 'with "quotes"': null } : row)),
          ),
        ),
    })),
  ),
  mutant(
    'K21',
    'has one buffer for all its writers',
    /written by 4 writers at once/,
    sink((correct, target) => {
      return {
        writer(...args) {
          const only = ONLY_WRITERS.get(target) ?? correct.writer(...args);
          ONLY_WRITERS.set(target, only);
          return only;
        },
      };
    }),
  ),
  mutant(
    'K22',
    'gives a part that is written again a new place',
    /rows are in another order/,
    commits(async function* (correct, target, aim, schema, parts, ctx) {
      yield* correct.commit(aim, schema, parts, ctx);
      target.published = target.published?.toReversed();
    }),
  ),
  mutant(
    'K23',
    'keeps a part that was never prepared',
    /a writer that ended without `prepare` leaves run/,
    writers(() => ({
      [Symbol.asyncDispose]: async () => {},
    })),
  ),
  mutant(
    'K24',
    'creates where something is',
    /a target that has rows is opened with mode create/,
    sink((correct) => ({
      open: (schema, intent, ctx) => correct.open(schema, { ...intent, mode: 'append' }, ctx),
    })),
  ),
  mutant(
    'K25',
    'says that a full disk is an error of its own',
    /a full target surfaces as INTERNAL/,
    writers((writer) => ({
      write: (batch) =>
        writer.write(batch).catch(() => {
          throw new SluiceError('INTERNAL', 'something failed');
        }),
    })),
  ),
  mutant(
    'K25',
    'leaves what it staged in a full target',
    /given up at a full target, it leaves run/,
    sink(() => ({ abort: async () => ({ leftBehind: [] }) })),
  ),
  mutant(
    'K27',
    'takes its columns from the rows',
    /without a row, the target lacks column/,
    commits(async function* (correct, target, aim, schema, parts, ctx) {
      yield* correct.commit(aim, schema, parts, ctx);
      target.columnNames = Object.keys(target.published?.[0] ?? {});
    }),
  ),
  mutant(
    'P1',
    'hides the source’s error behind its own',
    /the run fails with/,
    sink(() => ({
      writer: async () => {
        throw new SluiceError('INTERNAL', 'another failure');
      },
    })),
  ),
  mutant(
    'P3',
    'stages under a name it makes up anew',
    /killed|fails unexpectedly/,
    sink((correct) => ({
      async writer(aim, ...args) {
        return await correct.writer(
          { ...(aim as object), run: `run ${Math.floor(args[2].random() * 2 ** 32)}` },
          ...args,
        );
      },
    })),
  ),
  mutant(
    'P4',
    'counts other rows than are there',
    /of 200 rows 200 were read, 200 counted as written, and 199 are there/,
    commits(async function* (correct, target, ...args) {
      yield* correct.commit(...args);
      target.published = target.published?.slice(1);
    }),
  ),
];
