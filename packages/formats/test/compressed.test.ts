import { deflateRawSync, deflateSync, gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';

import type { Format, Row } from '@sluice/core';
import { rowsOf } from '@sluice/testkit';
import { Field, makeData, RecordBatch, Schema, Struct, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { compressed } from '../src/compressed/compressed-format.ts';
import { csv } from '../src/csv/csv.ts';

const schema = new Schema([new Field('a', new Utf8(), true)]);
const gzip = compressed(csv());
const deflate = compressed(csv(), { codec: 'deflate' });

async function decoded(format: Format, chunks: readonly Uint8Array[]): Promise<readonly Row[]> {
  async function* input(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  const options = { schema, batch: { rows: 1000, bytes: 1_048_576 }, signal: new AbortController().signal };
  const deliveries = await Array.fromAsync(format.decode!(input(), options));
  return deliveries.flatMap(({ batch }) => rowsOf(batch));
}

function batchOf(texts: readonly string[]): RecordBatch {
  const children = [vectorFromArray([...texts], new Utf8()).data[0]!];
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: texts.length, nullCount: 0, children }),
  );
}

function encoded(format: Format, texts: readonly string[], batchRows: number): Buffer {
  const encoding = format.encode(schema);
  const segment = encoding.segment();
  const pieces = [encoding.prologue()];
  for (let at = 0; at < texts.length; at += batchRows) {
    pieces.push(...segment.write(batchOf(texts.slice(at, at + batchRows))));
  }
  const { bytes, summary } = segment.end();
  return Buffer.concat([...pieces, ...bytes, encoding.epilogue([{ byteOffset: pieces[0]!.length, summary }])]);
}

describe('compressed', () => {
  it('reads members that follow each other as one file, wherever they are cut', async () => {
    const two = Buffer.concat([gzipSync('a\n1\n2'), gzipSync('2\n3\n')]);

    for (let at = 1; at < two.length; at++) {
      expect(await decoded(gzip, [two.subarray(0, at), two.subarray(at)])).toEqual([
        { a: '1' },
        { a: '22' },
        { a: '3' },
      ]);
    }
  });

  it.each([
    ['gzip', gzip, gzipSync('a\n1\n')],
    ['bare deflate', deflate, deflateRawSync('a\n1\n')],
    ['deflate with a header', deflate, deflateSync('a\n1\n')],
  ])('refuses %s that is cut anywhere, damaged, or followed by something else', async (_name, format, bytes) => {
    expect(await decoded(format, [bytes])).toEqual([{ a: '1' }]);
    for (let length = 0; length < bytes.length; length++) {
      await expect(decoded(format, [bytes.subarray(0, length)])).rejects.toMatchObject({ code: 'FILE_CORRUPT' });
    }
    for (const tail of ['x', 'more than a few bytes']) {
      await expect(decoded(format, [bytes, Buffer.from(tail)])).rejects.toMatchObject({ code: 'FILE_CORRUPT' });
    }
  });

  it('takes zeros behind gzip for padding', async () => {
    expect(await decoded(gzip, [gzipSync('a\n1\n'), Buffer.alloc(512)])).toEqual([{ a: '1' }]);
  });

  it('refuses what does not fit its checksum', async () => {
    const bytes = gzipSync('a\n1\n');
    bytes[bytes.length - 6]! ^= 1;

    await expect(decoded(gzip, [bytes])).rejects.toMatchObject({ code: 'FILE_CORRUPT' });
  });

  it('ends with the error of its input', async () => {
    const failure = new Error('the connection was cut');
    async function* input(): AsyncGenerator<Uint8Array> {
      yield gzipSync('a\n1\n').subarray(0, 12);
      throw failure;
    }
    const options = { schema, batch: { rows: 10, bytes: 1000 }, signal: new AbortController().signal };

    await expect(Array.fromAsync(gzip.decode!(input(), options))).rejects.toBe(failure);
  });

  it('writes one member that others read, the same however rows were batched', () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `row ${i} ${'x'.repeat(i % 200)}`);
    const text = encoded(csv(), rows, 1000).toString();

    const bytes = encoded(gzip, rows, 1000);

    expect(text.length).toBeGreaterThan(3 * 1_048_576);
    expect(gunzipSync(bytes).toString()).toBe(text);
    expect(encoded(gzip, rows, 7919).equals(bytes)).toBe(true);
    expect(inflateRawSync(encoded(deflate, rows, 1000)).toString()).toBe(text);
  });

  it('names the codec in the extension', () => {
    expect([gzip.extension, deflate.extension]).toEqual(['.csv.gz', '.csv.deflate']);
  });
});
