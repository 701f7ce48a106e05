/** Chunks of which the first have been looked at ahead. */
export interface ChunkReplay extends AsyncDisposable {
  readonly iterator: AsyncIterator<Uint8Array>;
  /** Those chunks again, and what is left behind them. */
  behind(chunks: readonly Uint8Array[]): AsyncIterable<Uint8Array>;
}

/** Disposing of it ends the input. */
export function restOf(input: AsyncIterable<Uint8Array>): ChunkReplay {
  const iterator = input[Symbol.asyncIterator]();
  return {
    iterator,
    async *behind(chunks) {
      yield* chunks;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    },
    async [Symbol.asyncDispose]() {
      await iterator.return?.();
    },
  };
}
