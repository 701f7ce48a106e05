import { SluiceError } from '@sluice/core';

const HINT = 'Check that the file is whole and a Parquet file.';

/** A fault in the bytes. Whoever knows where it is says so by `within`. */
export function damaged(problem: string, cause?: unknown): SluiceError {
  return new SluiceError('FILE_CORRUPT', problem, { hint: HINT, ...(cause === undefined ? {} : { cause }) });
}

/** Runs `read` and puts the place in front of what it finds damaged. */
export function within<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw placed(place, error);
  }
}

/** The error with its place, if it is one about damage. */
export function placed(place: string, error: unknown): unknown {
  if (!SluiceError.is(error)) return error;
  if (error.code !== 'FILE_CORRUPT' && error.code !== 'VALUE_INVALID') return error;
  const { cause, hint } = error;
  return new SluiceError(error.code, `${place}: ${error.message}`, {
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  });
}
