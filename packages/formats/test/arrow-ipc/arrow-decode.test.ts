import { sameSchema, SluiceError } from '@sluice/core';
import {
  CompressionType,
  Dictionary,
  Field,
  Int32,
  Message,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  Schema,
  Utf8,
} from 'apache-arrow';
import { BodyCompression, RecordBatch } from 'apache-arrow/ipc/metadata/message';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { arrowIpc } from '../../src/arrow-ipc/arrow-ipc-format.ts';
import { plainSchema } from '../../src/arrow-ipc/plain-type.ts';
import {
  batchesOf as flatBatches,
  cells,
  codes,
  dictionaryOfText,
  numbers,
  schemaOf,
  type TestColumn,
} from '../parquet/arrow-columns.ts';
import { batchesOf, batchOf, row, schema } from './arrow-table.ts';
import { decodeAll, decodeChunks, encodeStream, shownRows } from './ipc-streams.ts';

const columns: readonly TestColumn[] = [
  { name: 'text', type: new Utf8(), values: ['a', null, 'bb', 'ccc', 'a', 'bb'], build: cells },
  { name: 'count', type: new Int32(), values: [1, 2, null, 4, 5, 6], build: numbers(Int32Array) },
];
const bytes = encodeStream(schemaOf(columns), [flatBatches(columns)], { messageRows: 2 });
const rows = shownRows(flatBatches(columns));

describe('a stream', () => {
  it('is decoded whatever its chunks', async () => {
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(shownRows(await Array.fromAsync(decodeChunks([bytes.subarray(0, at), bytes.subarray(at)])))).toEqual(rows);
    }
  });

  it('is decoded from chunks that are used again', async () => {
    const shared = new Uint8Array(64);
    const batches = await Array.fromAsync(
      decodeChunks(
        (function* () {
          for (let at = 0; at < bytes.length; at += shared.length) {
            const piece = bytes.subarray(at, at + shared.length);
            shared.set(piece);
            yield shared.subarray(0, piece.length);
          }
        })(),
      ),
    );

    expect(shownRows(batches)).toEqual(rows);
  });

  it('tells its schema without being read to the end', async () => {
    let chunks = 0;
    async function* input(): AsyncGenerator<Uint8Array, void, undefined> {
      for (let at = 0; at < bytes.length; at += 64) {
        chunks++;
        yield bytes.subarray(at, at + 64);
      }
    }

    const schema = await arrowIpc().schema!(input(), new AbortController().signal);

    expect(sameSchema(plainSchema(schemaOf(columns)), schema)).toBeUndefined();
    expect(chunks * 64).toBeLessThan(bytes.length);
  });

  it('has no schema before its first message is whole', async () => {
    async function* input(): AsyncGenerator<Uint8Array, void, undefined> {
      yield bytes.subarray(0, 20);
    }

    await expect(arrowIpc().schema!(input(), new AbortController().signal)).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
    });
  });

  it('is cut into batches within the bounds', async () => {
    const whole = encodeStream(schemaOf(columns), [flatBatches(columns)]);

    const byRows = await decodeAll(whole, { batch: { rows: 4, bytes: 1000 } });
    const byBytes = await decodeAll(whole, { batch: { rows: 100, bytes: 20 } });

    expect(byRows.map(({ numRows }) => numRows)).toEqual([4, 2]);
    expect(byBytes.map(({ numRows }) => numRows)).toEqual([2, 1, 2, 1]);
    expect(shownRows(byBytes)).toEqual(rows);
  });

  it('of another writer is decoded with its dictionaries', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 10 }), async (rows) => {
        const written = RecordBatchStreamWriter.writeAll([batchOf(rows)]).toUint8Array(true);

        const decoded = await decodeAll(written, { schema });

        expect(shownRows(decoded)).toEqual(shownRows([batchOf(rows)]));
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  it('is not taken for one where it is a file', async () => {
    const file = RecordBatchFileWriter.writeAll(flatBatches(columns)).toUint8Array(true);

    await expect(decodeAll(file)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('may replace its dictionaries from batch to batch', async () => {
    const coded: readonly TestColumn[] = [
      { name: 'c', type: dictionaryOfText(), values: ['x', 'y', 'z', null], build: codes },
    ];
    const batches = flatBatches(coded, [1, 2]);
    const written = RecordBatchStreamWriter.writeAll(batches).toUint8Array(true);

    expect(shownRows(await decodeAll(written))).toEqual(shownRows(batches));
  });

  it('ends with the signal, for its own reason', async () => {
    const aborted = new AbortController();
    const reason = new Error('enough');
    const batches = decodeChunks([bytes], { signal: aborted.signal })[Symbol.asyncIterator]();

    await batches.next();
    aborted.abort(reason);

    await expect(batches.next()).rejects.toBe(reason);
  });

  it('is closed when its reader stops early', async () => {
    let isClosed = false;
    const chunks = (function* () {
      try {
        yield bytes;
        yield bytes;
      } finally {
        isClosed = true;
      }
    })();

    for await (const batch of decodeChunks(chunks)) {
      expect(batch.numRows).toBe(2);
      break;
    }

    expect(isClosed).toBe(true);
  });
});

describe('a stream that is damaged', () => {
  it('by the loss of its end is refused at every length', async () => {
    const lengths = Array.from({ length: bytes.length }, (_, length) => length);

    for (const length of lengths) {
      await expect(decodeAll(bytes.subarray(0, length))).rejects.toMatchObject({ code: 'FILE_CORRUPT' });
    }
  });

  it.each([
    ['no Arrow at all', Buffer.from('Id,Name\n001,Acme\n')],
    ['Parquet', Buffer.from('PAR1 and so on, PAR1')],
    ['without a schema', Buffer.concat([bytes.subarray(schemaLength(bytes))])],
    ['with two schemas', Buffer.concat([bytes.subarray(0, schemaLength(bytes)), bytes])],
    ['nothing but an end', Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])],
  ])('into %s is refused', async (_, damaged) => {
    await expect(decodeAll(damaged)).rejects.toMatchObject({ code: 'FILE_CORRUPT' });
  });

  it('anywhere in its buffers is refused or read, without a surprise later', async () => {
    const table = fc.sample(row, { numRuns: 8, seed: 2 });
    const written = Buffer.from(RecordBatchStreamWriter.writeAll([batchOf(table)]).toUint8Array(true));
    const places = bodyPlaces(written);
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(places.length - 1), fc.integer({ min: 1, max: 255 }), async (place, flip) => {
        const damaged = Buffer.from(written);
        damaged[places[place]!]! ^= flip;

        const outcome = await decodeAll(damaged).then(
          (batches) => (encodeStream(schema, [batches]).length > 0 ? 'read' : ''),
          (error: unknown) => (SluiceError.is(error) ? error.code : error),
        );

        expect(outcome).toBeOneOf(['read', 'FILE_CORRUPT']);
        if (outcome === 'FILE_CORRUPT') refused++;
      }),
      { numRuns: 1000, seed: 1 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it('by a dictionary that is missing is refused', async () => {
    const coded = new Schema([new Field('c', new Dictionary(new Utf8(), new Int32(), 7))]);
    const codedSchema = Message.encode(Message.from(coded));
    const frame = Buffer.alloc(8);
    frame.writeUInt32LE(0xffff_ffff, 0);
    frame.writeInt32LE(codedSchema.length, 4);
    const plain: readonly TestColumn[] = [{ name: 'c', type: new Int32(), values: [0], build: numbers(Int32Array) }];
    const keys = encodeStream(schemaOf(plain), [flatBatches(plain)]);

    const damaged = Buffer.concat([frame, codedSchema, keys.subarray(schemaLength(keys))]);

    await expect(decodeAll(damaged)).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
      message: expect.stringContaining('dictionary is missing'),
    });
  });
});

describe('a compressed stream', () => {
  it('is refused by that name', async () => {
    // What other writers make of buffers they compress; the bytes do not matter.
    const metadata = Message.encode(
      Message.from(new RecordBatch(0, [], [], new BodyCompression(CompressionType.ZSTD)), 0),
    );
    const frame = Buffer.alloc(8);
    frame.writeUInt32LE(0xffff_ffff, 0);
    frame.writeInt32LE(metadata.length, 4);

    const compressed = Buffer.concat([bytes.subarray(0, schemaLength(bytes)), frame, metadata]);

    await expect(decodeAll(compressed)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('compressed'),
    });
  });
});

/** Every byte of a stream that is neither framing nor metadata. */
function bodyPlaces(stream: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = 0; stream.readInt32LE(at + 4) > 0;) {
    const bodyStart = at + 8 + stream.readInt32LE(at + 4);
    const bodyEnd = bodyStart + Message.decode(stream.subarray(at + 8, bodyStart)).bodyLength;
    for (let place = bodyStart; place < bodyEnd; place++) places.push(place);
    at = bodyEnd;
  }
  return places;
}

/** Of the message a stream begins with. */
function schemaLength(stream: Buffer): number {
  return 8 + stream.readInt32LE(4);
}

it('is decoded from slices of batches as from whole ones', async () => {
  const table = fc.sample(row, { numRuns: 20, seed: 1 });
  const sliced = encodeStream(schema, [batchesOf(table, [3, 8, 9], true)]);

  expect(shownRows(await decodeAll(sliced))).toEqual(shownRows([batchOf(table)]));
});

it('finds the columns it is asked for by name, and passes others over when told to', async () => {
  const written = new Schema([new Field('a', new Int32(), false), new Field('b', new Utf8(), true)]);
  const whole = encodeStream(written, []);
  const a = new Field('a', new Int32(), true);
  const b = new Field('b', new Utf8(), true);

  expect(await decodeAll(whole, { schema: new Schema([b, a]) })).toEqual([]);
  expect(await decodeAll(whole, { schema: new Schema([a]), otherColumns: 'skip' })).toEqual([]);
  await expect(decodeAll(whole, { schema: new Schema([a]) })).rejects.toMatchObject({
    code: 'SCHEMA_CHANGED',
    message: 'column "b" is there, and was not expected',
  });
  await expect(decodeAll(whole, { schema: new Schema([a, new Field('b', new Int32(), true)]) })).rejects.toMatchObject({
    message: 'column "b" is Utf8 instead of Int32',
  });
  await expect(decodeAll(whole, { schema: new Schema([a, new Field('b', new Utf8(), false)]) })).rejects.toMatchObject({
    message: 'column "b" is nullable instead of not nullable',
  });
});
