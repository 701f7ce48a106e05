/** Up to here a loop is faster than a view of the source and `set` (bench postgres). */
const MAX_LOOP_BYTES = 48;

/** The bytes of `source` from `from` to `to`, written into `target` from `at` on. */
export function copyBytes(source: Uint8Array, from: number, to: number, target: Uint8Array, at: number): void {
  if (to - from > MAX_LOOP_BYTES) {
    target.set(source.subarray(from, to), at);
    return;
  }
  for (let i = from, j = at; i < to; i++, j++) target[j] = source[i]!;
}
