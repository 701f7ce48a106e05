import type { ByteRange, Context, RandomAccess, Store } from '@sluice/core';

import type { PlannedFile } from './files-state.ts';

/** A file of a store, in any order. */
export function randomAccess(store: Store, { path, byteLength }: PlannedFile, ctx: Context): RandomAccess {
  return {
    byteLength,
    async read(range: ByteRange): Promise<Uint8Array> {
      const chunks: Uint8Array[] = [];
      for await (const chunk of store.read(path, ctx, range)) chunks.push(chunk);
      return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    },
  };
}

/** So much more at a time of a row that goes on behind the end of its range. */
const TAIL_BYTES = 65_536;

export interface RowRange {
  /** The first byte that may begin a row. */
  readonly from: number;
  /** Whether a row begins right there; else the first does behind the next end of one. */
  readonly isRowStart: boolean;
  /** Rows that begin there belong to the next range. */
  readonly to: number;
  readonly rowEndByte: number;
}

/** The rows of a range of a file, whole: the last may end behind it. */
export interface RangeBytes {
  /** Where the first row begins; undefined when none does in the range. */
  readonly start: number | undefined;
  /** From there on; to be taken to its end, or returned. */
  readonly chunks: AsyncGenerator<Uint8Array>;
}

export async function openRange(store: Store, file: PlannedFile, range: RowRange, ctx: Context): Promise<RangeBytes> {
  const { from, isRowStart, to, rowEndByte } = range;
  const at = isRowStart ? from : from - 1;
  const chunks = fileChunks(store, file, { start: at, end: to }, ctx);
  if (isRowStart) return { start: from < to ? from : undefined, chunks: untilRowEnd(chunks, from, range) };
  let chunkStart = at;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    const end = next.value.indexOf(rowEndByte);
    if (end >= 0) {
      const start = chunkStart + end + 1;
      const rest = next.value.subarray(end + 1);
      if (start < to) return { start, chunks: untilRowEnd(chunks, start, range, rest) };
      break;
    }
    chunkStart += next.value.length;
    if (chunkStart >= to) break;
  }
  await chunks.return(undefined);
  return { start: undefined, chunks: nothing() };
}

/** The bytes of the range at once, those behind it little by little. */
async function* fileChunks(
  store: Store,
  { path, byteLength }: PlannedFile,
  { start, end }: ByteRange,
  ctx: Context,
): AsyncGenerator<Uint8Array> {
  for (let at = start, to = Math.min(end, byteLength); at < byteLength;) {
    yield* store.read(path, ctx, { start: at, end: to });
    at = to;
    to = Math.min(at + TAIL_BYTES, byteLength);
  }
}

async function* untilRowEnd(
  chunks: AsyncGenerator<Uint8Array>,
  start: number,
  { to, rowEndByte }: RowRange,
  first: Uint8Array = new Uint8Array(0),
): AsyncGenerator<Uint8Array> {
  let at = start;
  let chunk = first;
  try {
    for (;;) {
      // The byte ahead of `to` ends the last row, if it ends one.
      const last = at + chunk.length < to ? -1 : chunk.indexOf(rowEndByte, Math.max(0, to - 1 - at));
      if (last >= 0) {
        yield chunk.subarray(0, last + 1);
        return;
      }
      if (chunk.length > 0) yield chunk;
      at += chunk.length;
      const next = await chunks.next();
      if (next.done === true) return;
      chunk = next.value;
    }
  } finally {
    await chunks.return(undefined);
  }
}

async function* nothing(): AsyncGenerator<never> {}
