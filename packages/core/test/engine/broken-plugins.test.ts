import { Field, Int64, RecordBatch, Schema, Utf8 } from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import type { Json } from '../../src/contract/json.ts';
import type { Mapping } from '../../src/contract/mapping.ts';
import type { PartResult, Sink, Writer } from '../../src/contract/sink.ts';
import type { Delivery, Source, SourceReject } from '../../src/contract/source.ts';
import { SluiceError } from '../../src/error/sluice-error.ts';
import { failureOf } from '../thrown.ts';
import type { MemorySourceOptions } from './memory-source.ts';
import { batchOfRows, rowsOfSplit, splitsOf, testSchema } from './row-batches.ts';
import { scene } from './scene.ts';

/** A source with one method in place of its own. */
function brokenSource(part: Partial<Source>, options: Partial<MemorySourceOptions> = {}) {
  const { source, copy } = scene(options);
  return () => copy({ from: { ...source, ...part } });
}

function reading(delivery: Partial<Delivery<Json>>, options: Partial<MemorySourceOptions> = {}) {
  return brokenSource(
    {
      async *read() {
        yield { batch: batchOfRows(rowsOfSplit(0, 3)), ...delivery };
      },
    },
    options,
  );
}

function rejectsAt(...rows: readonly number[]): readonly SourceReject[] {
  return rows.map((row) => ({ row, code: 'VALUE_INVALID', message: 'm', columns: [] }));
}

const otherSchema = new Schema([new Field('id', new Int64(), true), new Field('text', new Utf8(), true)]);
const circle: unknown[] = [];
circle.push(circle);

describe('a source is caught', () => {
  it.each<[string, () => Promise<unknown>, string]>([
    [
      'giving a batch of another schema',
      reading({ batch: new RecordBatch(otherSchema, batchOfRows([]).data) }),
      'a batch has not the planned schema: column "id" is Int64 instead of Int32',
    ],
    ['giving a position that is no JSON', reading({ position: new Date(0) as never }), 'an object of class Date'],
    [
      'giving a position although it declares none',
      reading({ position: 1 }, { positions: false }),
      'it gave a position, and declares that it has none',
    ],
    ['rejecting rows out of order', reading({ rejects: rejectsAt(2, 1) }), 'in ascending order'],
    ['rejecting a row twice', reading({ rejects: rejectsAt(1, 1) }), 'in ascending order'],
    ['rejecting half a row', reading({ rejects: rejectsAt(0.5) }), 'not row numbers'],
    ['rejecting a row behind its delivery', reading({ rejects: rejectsAt(4) }), 'behind the end of its delivery'],
    [
      'giving a split that is no JSON',
      brokenSource({
        async *splits() {
          yield [undefined] as never;
        },
      }),
      'a split of numbers holds undefined',
    ],
    ['giving no splits to iterate', brokenSource({ splits: () => [] as never }), 'its splits gave what cannot be'],
    ['giving nothing to read', brokenSource({ read: () => undefined as never }), 'its read gave what cannot be'],
    [
      'giving a plan that is no JSON',
      brokenSource({ plan: async () => ({ state: circle as never, schema: testSchema, estimate: {}, notes: [] }) }),
      'the plan of numbers holds something within itself',
    ],
  ])('%s', async (_, copy, rule) => {
    const failure = await failureOf(copy());

    expect(failure).toMatchObject({ code: 'CONTRACT_BROKEN', message: expect.stringContaining(rule) });
    expect(failure).toMatchObject({ message: expect.stringContaining('numbers') });
  });
});

interface BrokenSink extends Partial<Omit<Sink, 'writer'>> {
  readonly result?: (result: PartResult) => object;
  readonly writer?: Partial<Writer>;
}

/** A sink whose results, or whose writers, are altered. */
function brokenSink({ result, writer, ...methods }: BrokenSink) {
  const { sink, copy } = scene({ splits: splitsOf(4) });
  return () =>
    copy({
      maxRejects: Infinity,
      to: {
        ...sink,
        async writer(...args) {
          const own = await sink.writer(...args);
          return { ...own, ...writer };
        },
        async *commit(...args) {
          for await (const one of sink.commit(...args)) yield { ...one, ...result?.(one) };
        },
        ...methods,
      },
    });
}

async function* rejecting(...rows: readonly number[]) {
  yield rows.map((row) => ({ row, code: 'REMOTE_REFUSED', message: 'm', retryable: false }));
}

function refusing(...rows: readonly number[]): Partial<Writer> {
  return {
    write: async () => ({
      rejects: rows.map((row) => ({ row, code: 'VALUE_INVALID', message: 'm', retryable: false })),
    }),
  };
}

describe('a sink is caught', () => {
  it.each<[string, () => Promise<unknown>, string]>([
    ['losing rows', brokenSink({ result: () => ({ writtenRows: 3 }) }), 'has 4 rows, and it accounts for 3 of them'],
    ['making up rows', brokenSink({ result: () => ({ writtenRows: 5 }) }), 'has 4 rows, and it accounts for 5 of them'],
    [
      'writing fewer than no rows',
      brokenSink({ result: () => ({ writtenRows: -1, inDoubt: [{ from: 0, to: 4 }], rejects: rejecting() }) }),
      'accounts for 3 of them',
    ],
    ['counting nothing', brokenSink({ result: () => ({ writtenRows: NaN }) }), 'accounts for NaN'],
    [
      'giving a result for a part that is not there',
      brokenSink({ result: () => ({ part: { split: 0, part: 7 } }) }),
      'it gave a result for part 7 of split 0, which was not committed',
    ],
    ['giving no result', brokenSink({ async *commit() {} }), 'it committed without a result for part 0 of split 0'],
    [
      'rejecting a row twice in the commit',
      brokenSink({ result: () => ({ writtenRows: 2, rejects: rejecting(1, 1) }) }),
      'two verdicts on row 1',
    ],
    [
      'doubting a row that it rejects',
      brokenSink({ result: () => ({ writtenRows: 2, rejects: rejecting(1), inDoubt: [{ from: 1, to: 2 }] }) }),
      'two verdicts on row 1',
    ],
    [
      'rejecting a row that is not there',
      brokenSink({ result: () => ({ writtenRows: 3, rejects: rejecting(4) }) }),
      'a verdict on row 4, which is not there',
    ],
    [
      'rejecting nothing to iterate',
      brokenSink({ result: () => ({ rejects: [] }) }),
      'its commit of part 0 of split 0 gave',
    ],
    ['refusing a row of another batch', brokenSink({ writer: refusing(4) }), 'it refused row 4 of a part'],
    ['refusing a row twice', brokenSink({ writer: refusing(2, 2) }), 'or refused it twice'],
    [
      'giving a message that is no JSON',
      brokenSink({ writer: { prepare: async () => new Map() as never } }),
      'the message of part 0 of split 0 from disk holds an object of class Map',
    ],
    [
      'giving a target that is no JSON',
      brokenSink({ open: async () => 1n as never }),
      'the target of disk holds a bigint',
    ],
  ])('%s', async (_, copy, rule) => {
    const failure = await failureOf(copy());

    expect(failure).toMatchObject({ code: 'CONTRACT_BROKEN', message: expect.stringContaining(rule) });
    expect(failure).toMatchObject({ message: expect.stringContaining('disk') });
  });
});

describe('what a plugin declares is looked at before anything of it is called:', () => {
  const source = { ordered: false, positions: true };
  const sink = { guarantee: 'idempotent', commit: 'end', writers: 4, bufferBytes: 0 };

  it.each<[string, unknown, string]>([
    ['no traits', undefined, '`ordered` is not declared'],
    ['no word of positions', { ordered: true }, '`positions` is not declared'],
    ['no connection', { ...source, connections: 0 }, '`connections` is not a count'],
    ['connections that are no number', { ...source, connections: NaN }, '`connections` is not a count'],
  ])('of a source %s', async (_, traits, rule) => {
    const { source: from, sink: to, copy } = scene();

    expect(await failureOf(copy({ from: { ...from, traits: traits as never } }))).toMatchObject({
      code: 'CONTRACT_BROKEN',
      message: `numbers broke its contract: the trait ${rule}`,
    });
    expect([from.steps, to.steps]).toEqual([[], []]);
  });

  it.each<[string, unknown, string]>([
    ['no traits', undefined, '`commit` is neither `end` nor `part`'],
    ['no writer', { ...sink, writers: 0 }, '`writers` is not a count'],
    ['half a writer', { ...sink, writers: 1.5 }, '`writers` is not a count'],
    ['no word of writers', { ...sink, writers: undefined }, '`writers` is not a count'],
    ['parts of no row', { ...sink, part: { rows: 0 } }, '`part.rows` is not a count'],
    ['parts of no byte', { ...sink, part: { bytes: 0 } }, '`part.bytes` is not a count'],
  ])('of a sink %s', async (_, traits, rule) => {
    const { source: from, sink: to, copy } = scene();

    expect(await failureOf(copy({ to: { ...to, traits: traits as never } }))).toMatchObject({
      code: 'CONTRACT_BROKEN',
      message: `disk broke its contract: the trait ${rule}`,
    });
    expect([from.steps, to.steps]).toEqual([[], []]);
  });

  it('no name', async () => {
    const { sink, copy } = scene();

    expect(await failureOf(copy({ to: { ...sink, name: '' } }))).toMatchObject({
      code: 'CONTRACT_BROKEN',
      message: 'what was given as the sink broke its contract: it has no name',
    });
  });
});

function mappingOf(apply: ReturnType<Mapping['plan']>['apply']): Mapping {
  return { config: null, plan: (schema) => ({ schema, apply }) };
}

describe('a mapping is caught', () => {
  it.each<[string, Mapping, string]>([
    ['losing a row', mappingOf((batch) => ({ batch: batch.slice(1) })), 'neither mapped nor rejected'],
    ['adding a row', mappingOf(() => ({ batch: batchOfRows(rowsOfSplit(0, 9)) })), 'more rows than the 4'],
    [
      'rejecting a row that it maps',
      mappingOf((batch) => ({ batch, rejects: [{ row: 1, code: 'VALUE_INVALID', message: 'm', columns: [] }] })),
      'out of order',
    ],
    [
      'changing the order of rows',
      mappingOf((batch) => ({ batch, rows: Uint32Array.of(1, 0, 2, 3) })),
      'neither mapped nor rejected, or out of order',
    ],
    [
      'giving a batch of another schema',
      mappingOf((batch) => ({ batch: new RecordBatch(otherSchema, batch.data) })),
      'has not the schema it planned: column "id"',
    ],
  ])('%s', async (_, map, rule) => {
    const { copy } = scene({ splits: splitsOf(4) });

    const failure = await failureOf(copy({ map, maxRejects: Infinity }));

    expect(failure).toMatchObject({ code: 'CONTRACT_BROKEN', message: expect.stringContaining(rule) });
    expect(failure).toMatchObject({ message: expect.stringContaining('the mapping') });
  });
});

const silent = { debug() {}, info() {}, warn() {}, error() {} };

describe('whatever is thrown', () => {
  it.each(['check', 'plan', 'splits', 'split 0', 'read 0 from 0', 'deliver 0 at 4'])(
    'by a source in %s becomes a coded error with its name and its cause',
    async (where) => {
      const { copy } = scene({
        at: (step) => {
          if (step === where) throw new TypeError('oops');
        },
      });

      expect(await failureOf(copy())).toMatchObject({
        code: 'INTERNAL',
        message: expect.stringContaining('numbers failed with an error of no code: oops'),
        cause: { message: 'oops' },
      });
    },
  );

  it.each(['check', 'open create', 'writer 0/0', 'write 0/0 4', 'prepare 0/0', 'commit 3', 'result 1/0'])(
    'by a sink in %s becomes a coded error, even if it is text',
    async (where) => {
      const { copy } = scene(
        {},
        {
          at: async (step) => {
            // What no plugin should do.
            if (step === where) await Promise.reject('hunter2');
          },
        },
      );

      const failure = await failureOf(copy());

      expect(failure).toMatchObject({
        code: 'INTERNAL',
        message: 'disk failed with an error of no code: it threw string',
      });
      expect(causesOf(failure)).toContain('hunter2');
    },
  );

  it('by who looks at a plan that is none names the source', async () => {
    const copy = brokenSource({ plan: async () => undefined as never });

    expect(await failureOf(copy())).toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining('numbers failed with an error of no code'),
    });
  });

  it('by a mapping becomes a coded error', async () => {
    const { copy } = scene();
    const map = mappingOf(() => {
      throw new RangeError('oops');
    });

    expect(await failureOf(copy({ map }))).toMatchObject({
      code: 'INTERNAL',
      message: 'the mapping failed with an error of no code: oops',
    });
  });

  it('by a logger becomes a coded error', async () => {
    const { copy } = scene({
      at: (step) => {
        if (step === 'deliver 0 at 0') throw new SluiceError('CONNECTION_LOST', 'cut');
      },
    });
    const info = (): void => {
      throw new Error('no place to write');
    };

    expect(await failureOf(copy({ log: { ...silent, info } }))).toMatchObject({
      code: 'INTERNAL',
      message: 'the run failed with an error of no code: no place to write',
    });
  });

  it('while letting go of plugins hides nothing and fails nothing', async () => {
    const said: string[] = [];
    const log = { ...silent, warn: (message: string) => void said.push(message) };
    const at = (step: string): void => {
      if (step.startsWith('end ') || step.startsWith('close ') || step === 'dispose') throw new Error('stuck');
    };
    const { copy } = scene({ at, splits: splitsOf(9) }, { at });

    const failure = await failureOf(
      copy({
        log,
        map: mappingOf(() => {
          throw new RangeError('the reason');
        }),
      }),
    );

    expect(failure).toMatchObject({ message: expect.stringContaining('the reason') });
    expect(said).toContain('numbers could not be let go of');
    expect(said).toContain('disk could not be let go of');
  });
});

function causesOf(error: unknown): readonly unknown[] {
  return error instanceof Error ? [error.cause, ...causesOf(error.cause)] : [];
}
