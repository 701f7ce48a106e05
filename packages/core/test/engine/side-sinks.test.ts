import { DenseUnion, Field, Int32, Schema } from 'apache-arrow';
import * as fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import type { JournalEntry } from '../../src/contract/journal.ts';
import type { Mapping } from '../../src/contract/mapping.ts';
import type { Intent, Sink, SinkTraits } from '../../src/contract/sink.ts';
import { foldReceipt } from '../../src/engine/receipt.ts';
import { sideSchema } from '../../src/engine/side-rows.ts';
import { SluiceError } from '../../src/error/sluice-error.ts';
import { memoryJournal } from '../../src/journal/memory-journal.ts';
import { failureOf } from '../thrown.ts';
import { crashJournal } from './crash.ts';
import { fates, ingestScene } from './ingest-scene.ts';
import { batchOfRows, rowsOfBatch, rowsOfSplit, splitsOf, type TestRow, testSchema } from './row-batches.ts';
import { scene } from './scene.ts';
import { sideDisk } from './side-double.ts';

type Stage = 'read' | 'map' | 'write' | 'commit';

/** Rejects rows at any stage, for a reason that names the row. */
function rejecting(stageOf: (row: TestRow) => Stage | undefined) {
  const at = (stage: Stage) => (row: TestRow) => (stageOf(row) === stage ? `${stage} ${row.id}` : undefined);
  const map: Mapping = {
    config: 'by stage',
    plan: (schema) => ({
      schema,
      apply(batch) {
        const rows = rowsOfBatch(batch);
        const kept = rows.flatMap((row, i) => (at('map')(row) === undefined ? [i] : []));
        const rejects = rows.flatMap((row, i) => {
          const message = at('map')(row);
          return message === undefined ? [] : [{ row: i, code: 'VALUE_INVALID', message, columns: ['id', 'text'] }];
        });
        return { batch: batchOfRows(kept.map((i) => rows[i]!)), rows: Uint32Array.from(kept), rejects };
      },
    }),
  };
  return { reject: at('read'), map, rejectAtWrite: at('write'), rejectAtCommit: at('commit') };
}

const stages = fc.array(
  fc.array(fc.constantFrom<Stage | undefined>(undefined, undefined, 'read', 'map', 'write', 'commit'), {
    maxLength: 20,
  }),
  { maxLength: 3 },
);

const ways = fc.record({
  commit: fc.constantFrom<SinkTraits['commit']>('end', 'part'),
  writers: fc.constantFrom(1, 3),
  part: fc.oneof(fc.constant({}), fc.record({ rows: fc.integer({ min: 1, max: 6 }) })),
  deliveryRows: fc.integer({ min: 1, max: 9 }),
  side: fc.constantFrom<SinkTraits['commit']>('end', 'part'),
  sideWriters: fc.constantFrom(1, 2),
});

describe('a sink for rejected rows', () => {
  it('gets every one of them as the source gave it, and why, at whatever stage it was rejected', async () => {
    await fc.assert(
      fc.asyncProperty(stages, ways, async (stagesOf, { commit, writers, part, deliveryRows, side, sideWriters }) => {
        const splits = stagesOf.map((rows, split) => rowsOfSplit(split, rows.length));
        const { reject, map, ...late } = rejecting(({ id }) => stagesOf[Math.floor(id / 10_000)]![id % 10_000]);
        const { start } = scene({ splits, deliveryRows, reject }, { commit, writers, part, ...late }, { map });
        const disk = sideDisk();

        const receipt = await start({
          rejected: disk.sink({ commit: side, writers: sideWriters }),
          maxRejects: Infinity,
        });

        const expected = stagesOf.flatMap((rows, split) =>
          rows.flatMap((stage, row) => {
            if (stage === undefined) return [];
            const { id, text } = splits[split]![row]!;
            return [
              {
                id: stage === 'read' ? null : id,
                text: stage === 'read' ? null : text,
                _split: split,
                _row: row,
                _stage: stage,
                _code: stage === 'commit' ? 'REMOTE_REFUSED' : 'VALUE_INVALID',
                _message: `${stage} ${id}`,
                _columns: stage === 'commit' ? '' : stage === 'map' ? 'id,text' : 'text',
              },
            ];
          }),
        );
        const found = disk.rows.toSorted(
          (a, b) => Number(a['_split']) - Number(b['_split']) || Number(a['_row']) - Number(b['_row']),
        );
        expect(found).toEqual(expected);
        expect(receipt.rejectedRows).toBe(expected.length);
        expect(disk.stagedParts).toBe(0);
      }),
      { seed: inject('seed'), numRuns: 60 },
    );
  });

  it('is committed once at the end, even if no row was rejected', async () => {
    const { start } = scene();
    const disk = sideDisk();

    await start({ rejected: disk.sink() });

    expect([disk.commits, disk.rows]).toEqual([1, []]);
  });

  it('is opened as it is asked for, with mode create otherwise, and behind the sink', async () => {
    const intents: Intent[] = [];
    const { start, sink } = scene();
    const opening = (disk = sideDisk().sink()) => ({
      ...disk,
      async open(...args: Parameters<typeof disk.open>) {
        intents.push(args[1]);
        expect(sink.steps).toEqual(['check', 'open create']);
        return await disk.open(...args);
      },
    });

    await start({ rejected: opening(), written: { to: opening(), mode: 'upsert', keys: ['_id'] } });

    expect(intents).toEqual([{ mode: 'create' }, { mode: 'upsert', keys: ['_id'] }]);
  });

  it('is not touched where the sink refuses', async () => {
    const steps: string[] = [];
    const { start, sink } = scene({}, { at: failAt('open create') });

    const failure = await failureOf(start({ rejected: sideDisk().sink({ at: (step) => steps.push(step) }) }));

    expect(failure).toMatchObject({ code: 'REMOTE_REFUSED' });
    expect(steps).toEqual(['check']);
    expect(sink.steps).toEqual(['check', 'open create', 'dispose']);
  });

  it('that refuses has what is open already ended, with nothing left behind', async () => {
    const { start, sink, source } = scene(
      {},
      {
        at: async (step, ctx) => {
          if (step === 'open create') await ctx!.memo.set('table', 'staging_1');
        },
      },
    );
    const rejected = sideDisk();
    const steps: string[] = [];
    const run = start({
      rejected: rejected.sink({ at: (step) => steps.push(step) }),
      written: sideDisk().sink({ at: failAt('open') }),
    });

    const failure = await failureOf(run);

    expect(failure).toMatchObject({ code: 'REMOTE_REFUSED' });
    expect(sink.steps).toEqual(['check', 'open create', 'abort 0', 'dispose']);
    expect(steps).toEqual(['check', 'open', 'abort 0']);
    expect(source.steps).toEqual(['check', 'plan', 'dispose']);
    expect(run.leftBehind).toEqual([]);
  });

  it('that refuses leaves what is open to the resume of a run that is kept', async () => {
    const journal = crashJournal(new Map());
    const { start, sink } = scene(
      {},
      {
        at: async (step, ctx) => {
          if (step === 'open create') await ctx!.memo.set('table', 'staging_1');
        },
      },
      { id: 'a', journal },
    );
    await failureOf(start({ rejected: sideDisk().sink({ at: failAt('open') }) }));
    const receipt = await start({ rejected: sideDisk().sink() });

    expect(sink.steps.filter((step) => /^(open|abort)/.test(step))).toEqual(['open create', 'open create']);
    expect(receipt.writtenRows).toBe(20);
  });

  it('is part of what identifies a run', async () => {
    const journal = crashJournal(new Map());
    const { start } = scene({}, { at: failAt('commit 3') }, { id: 'a', journal });
    await failureOf(start({ rejected: sideDisk().sink() }));

    const failures = [
      await failureOf(start()),
      await failureOf(start({ rejected: sideDisk().sink({ commit: 'part' }) })),
      await failureOf(start({ rejected: { to: sideDisk().sink(), mode: 'append' } })),
    ];

    expect(failures).toMatchObject([{ code: 'RUN_MISMATCH' }, { code: 'RUN_MISMATCH' }, { code: 'RUN_MISMATCH' }]);
  });

  it('keeps rows of parts that are committed when the run is given up', async () => {
    const { copy, rejected } = ingestScene(
      fates({ 1: 'refused' }),
      { splits: splitsOf(6) },
      { writers: 1, part: { rows: 3 }, at: failAt('prepare 0/1') },
    );

    const failure = await failureOf(copy({ rejected: rejected.sink() }));

    expect(failure).toMatchObject({ code: 'REMOTE_REFUSED', details: { rows: { writtenRows: 2, rejectedRows: 1 } } });
    expect(rejected.rows).toMatchObject([{ id: 1, _row: 1, _message: 'refused 1' }]);
  });

  it('is not committed when a run is given up that has no part committed', async () => {
    const { start } = scene(
      { reject: ({ id }) => (id === 1 ? 'no' : undefined) },
      { at: failAt('commit 3') },
      { maxRejects: 9 },
    );
    const disk = sideDisk();
    const steps: string[] = [];

    await failureOf(start({ rejected: disk.sink({ at: (step) => steps.push(step) }) }));

    expect(disk.rows).toEqual([]);
    expect(steps).toEqual(['check', 'open', 'abort 0']);
  });

  it.each(['writer 0/0', 'prepare 0/0', 'commit 1'])(
    'is tried again when it fails for a while at %s',
    async (where) => {
      let fails = 2;
      const { copy, rejected } = ingestScene(fates({ 1: 'refused' }), { splits: splitsOf(4) });
      const at = (step: string): void => {
        if (step === where && fails-- > 0) throw new SluiceError('CONNECTION_LOST', 'cut');
      };

      await copy({ rejected: rejected.sink({ commit: 'part', at }) });

      expect(rejected.rows).toHaveLength(1);
      expect(fails).toBe(-1);
    },
  );

  it('is not written to again by a commit that is repeated, and a sink that says otherwise then breaks its contract', async () => {
    const journal = crashJournal(new Map());
    const { copy, rejected, sink } = ingestScene(fates({ 1: 'refused', 2: 'refused' }), { splits: splitsOf(4) });
    const options = { id: 'a', journal };
    await failureOf(copy({ ...options, rejected: rejected.sink({ commit: 'part', at: failAt('commit 1') }) }));
    const forgetful = {
      ...sink,
      async *commit(...args: Parameters<typeof sink.commit>) {
        for await (const result of sink.commit(...args)) {
          yield { ...result, writtenRows: result.writtenRows + 2, rejects: none() };
        }
      },
    };

    const failure = await failureOf(copy({ ...options, to: forgetful, rejected: rejected.sink({ commit: 'part' }) }));
    const receipt = await copy({ ...options, rejected: rejected.sink({ commit: 'part', at: failAt('writer 0/0') }) });

    expect(failure).toMatchObject({
      code: 'CONTRACT_BROKEN',
      message: 'part 0 of split 0 had 2 rows for the sink of rejected rows, and now has 0',
    });
    expect(receipt.rejectedRows).toBe(2);
    expect(rejected.rows).toHaveLength(2);
  });

  it('that refuses rows itself fails the run, since they would be lost', async () => {
    const { copy, rejected } = ingestScene(fates({ 1: 'refused' }), { splits: splitsOf(4) });
    const sink = rejected.sink();
    const refusing = {
      ...sink,
      writer: async (...args: Parameters<typeof sink.writer>) => ({
        ...(await sink.writer(...args)),
        write: async () => ({ rejects: [{ row: 0, code: 'NO', message: 'no', retryable: false }] }),
      }),
    };

    const failure = await failureOf(copy({ rejected: refusing }));

    expect(failure).toMatchObject({
      code: 'ROWS_REJECTED',
      message: 'beside does not take all rejected rows of part 0 of split 0, which would be lost',
    });
  });

  it('that asks whether it may reject rows of its own may not', async () => {
    const { copy, rejected } = ingestScene(fates({ 1: 'refused' }), { splits: splitsOf(4) });
    const sink = rejected.sink();
    const asking: Sink = {
      ...sink,
      async *commit(target, schema, parts, ctx) {
        ctx.requireAllowed(parts[0]!.part, []);
        ctx.requireAllowed(parts[0]!.part, [{ row: 0, code: 'NO', message: 'no', retryable: false }]);
        yield* sink.commit(target, schema, parts, ctx);
      },
    };

    const failure = await failureOf(copy({ rejected: asking, maxRejects: Infinity }));

    expect(failure).toMatchObject({ code: 'ROWS_REJECTED', message: expect.stringContaining('which would be lost') });
    expect(rejected.rows).toEqual([]);
  });

  it('that asks when the run has been aborted is told so, and is asked to commit once more when the run is given up', async () => {
    const [controller, reason] = [new AbortController(), new Error('enough')];
    const { copy, rejected } = ingestScene(fates({ 1: 'refused' }), { splits: splitsOf(4) });
    const sink = rejected.sink();
    const answers: unknown[] = [];
    const asking: Sink = {
      ...sink,
      async *commit(target, schema, parts, ctx) {
        controller.abort(reason);
        try {
          ctx.requireAllowed(parts[0]!.part, []);
          answers.push('allowed');
        } catch (error) {
          answers.push(error);
          throw error;
        }
        yield* sink.commit(target, schema, parts, ctx);
      },
    };

    const failure = await failureOf(copy({ rejected: asking, signal: controller.signal }));

    expect([failure, ...answers]).toEqual([reason, reason, 'allowed']);
    expect(rejected.rows.map((row) => row['id'])).toEqual([1]);
  });

  it.each(['_row', '_stage'])('is refused for a source with a column %s, before anything is opened', async (name) => {
    const schema = new Schema([new Field(name, new Int32(), true), ...testSchema.fields]);
    const { start, sink } = scene({ plan: { schema } });

    const failure = await failureOf(start({ rejected: sideDisk().sink() }));

    expect(failure).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(name) });
    expect(sink.steps).toEqual(['check', 'dispose']);
  });

  it('has no place for a union, which could not be null', () => {
    const union = new DenseUnion([0], [new Field('a', new Int32(), true)]);
    const schema = new Schema([new Field('u', union, true)]);

    expect(() => sideSchema('rejected', schema)).toThrow(expect.objectContaining({ code: 'TYPE_UNSUPPORTED' }));
    expect(sideSchema('written', schema).fields).toHaveLength(5);
  });
});

describe('a receipt', () => {
  it('is refused when rejected rows are missing beside', async () => {
    const journal = memoryJournal();
    const { copy, rejected } = ingestScene(fates({ 1: 'refused' }), { splits: splitsOf(4) });
    await copy({ id: 'a', journal, rejected: rejected.sink() });
    const entries = (await journal.peek('a')) ?? [];
    const tampered = entries.map((entry): JournalEntry =>
      entry.kind === 'sidePrepared' ? { ...entry, rows: 0 } : entry,
    );

    expect(foldReceipt('a', entries).rejectedRows).toBe(1);
    expect(await failureOf(() => foldReceipt('a', tampered))).toMatchObject({ code: 'RECEIPT_UNBALANCED' });
  });
});

function failAt(where: string) {
  return (step: string): void => {
    if (step === where) throw new SluiceError('REMOTE_REFUSED', 'no');
  };
}

async function* none(): AsyncGenerator<never> {}
