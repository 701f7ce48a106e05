import { type Delivery, type Row, type RowPlace, SluiceError } from '@sluice/core';
import { rowsOf } from '@sluice/testkit';
import type { Schema } from 'apache-arrow';

import { json, type JsonFormatOptions } from '../../src/json/json-format.ts';

export interface Decoding extends JsonFormatOptions {
  readonly schema?: Schema;
  readonly otherColumns?: 'refuse' | 'skip';
  /** Default: all at once. */
  readonly chunkBytes?: number;
  readonly batchRows?: number;
}

export async function deliveriesOf(
  text: string | Uint8Array,
  { schema, otherColumns, chunkBytes, batchRows = 1000, ...options }: Decoding = {},
): Promise<readonly Delivery<RowPlace>[]> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  async function* input(): AsyncGenerator<Uint8Array> {
    const size = chunkBytes ?? Math.max(1, bytes.length);
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  return await Array.fromAsync(
    json(options).decode!(input(), {
      batch: { rows: batchRows, bytes: 4_194_304 },
      signal: new AbortController().signal,
      ...(schema === undefined ? {} : { schema }),
      ...(otherColumns === undefined ? {} : { otherColumns }),
    }),
  );
}

export async function rowsIn(text: string | Uint8Array, decoding?: Decoding): Promise<readonly Row[]> {
  return (await deliveriesOf(text, decoding)).flatMap(({ batch }) => rowsOf(batch));
}

/** Code and message of what decoding ends with. */
export async function failureOf(text: string | Uint8Array, decoding?: Decoding): Promise<string> {
  try {
    await deliveriesOf(text, decoding);
  } catch (error) {
    return SluiceError.is(error) ? `${error.code}: ${error.message}` : String(error);
  }
  return 'none';
}
