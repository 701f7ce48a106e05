/** A plugin does not pass. The message says how, in words that its author understands without reading the check. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
}

export function fail(message: string, cause?: unknown): never {
  throw new CheckFailure(message, cause === undefined ? undefined : { cause });
}

export function ensure(holds: boolean, message: string): asserts holds {
  if (!holds) fail(message);
}

/** What the work rejects with. */
export async function rejectionOf(work: () => Promise<unknown>, unless: string): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  return fail(unless);
}

/** An error in one line, its code first where it has one. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${error === null ? 'null' : typeof error}`;
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : `${error.name}: `;
  return code + error.message;
}
