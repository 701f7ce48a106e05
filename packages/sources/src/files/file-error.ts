import { type ErrorCode, SluiceError, type SourceReject } from '@sluice/core';

/** Codes that say something about the contents of a file, and do not know which. */
const OF_CONTENTS: ReadonlySet<ErrorCode> = new Set([
  'ROW_MALFORMED',
  'FILE_CORRUPT',
  'SCHEMA_CHANGED',
  'SOURCE_CHANGED',
  'TYPE_UNSUPPORTED',
  'CONFIG_INVALID',
]);

/** The error with the name of the file ahead. */
export function inFile(path: string, error: unknown): unknown {
  if (!SluiceError.is(error) || !OF_CONTENTS.has(error.code) || error.message.startsWith(path)) return error;
  const { code, hint, details, retryable } = error;
  return new SluiceError(code, `${path}: ${error.message}`, {
    cause: error,
    retryable,
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  });
}

/** The rejected rows with the name of the file. */
export function rejectsIn(path: string, rejects: readonly SourceReject[]): readonly SourceReject[] {
  return rejects.map((reject) => ({ ...reject, message: `${path}: ${reject.message}` }));
}

export async function namingFile<T>(path: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    throw inFile(path, error);
  }
}
