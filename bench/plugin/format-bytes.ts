import { type Format, SluiceError } from '@sluice/core';
import type { RecordBatch, Schema } from 'apache-arrow';

const BATCH = { rows: 65_536, bytes: 4 * 1_048_576 };

/** A whole file of the batches. */
export function encodeFile(format: Format, schema: Schema, batches: readonly RecordBatch[]): readonly Uint8Array[] {
  const encoding = format.encode(schema);
  const prologue = encoding.prologue();
  const segment = encoding.segment();
  const chunks = [prologue, ...batches.flatMap((batch) => segment.write(batch))];
  const { bytes, summary } = segment.end();
  return [...chunks, ...bytes, encoding.epilogue([{ byteOffset: prologue.length, summary }])];
}

/** The batches of a whole file. */
export async function decodeFile(format: Format, schema: Schema, file: Uint8Array): Promise<readonly RecordBatch[]> {
  const { signal } = new AbortController();
  const batches: RecordBatch[] = [];
  if (format.open !== undefined) {
    const read = async ({ start, end }: { readonly start: number; readonly end: number }): Promise<Uint8Array> =>
      file.slice(start, end);
    const opened = await format.open({ byteLength: file.length, read }, { signal });
    for (const split of opened.splits) {
      for await (const batch of opened.read(split, { batch: BATCH, signal })) batches.push(batch);
    }
    return batches;
  }
  if (format.decode === undefined) throw new SluiceError('NOT_FOUND', `${format.name} does not read`);
  for await (const { batch } of format.decode(chunksOf(file), { schema, batch: BATCH, signal })) batches.push(batch);
  return batches;
}

const CHUNK_BYTES = 65_536;

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.slice(at, at + CHUNK_BYTES);
}
