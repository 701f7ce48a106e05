/** What a promise is rejected with, or a function throws. */
export async function failureOf(work: Promise<unknown> | (() => unknown)): Promise<unknown> {
  try {
    return { resolvedWith: await (typeof work === 'function' ? work() : work) };
  } catch (error) {
    return error;
  }
}
