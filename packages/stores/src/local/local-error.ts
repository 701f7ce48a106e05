import { type ErrorCode, SluiceError } from '@sluice/core';

interface Meaning {
  readonly code: ErrorCode;
  readonly says: string;
  readonly hint: string;
}

const FREE_SPACE = 'Free space there, or write elsewhere, then resume or repeat the run.';
const MAY_WRITE = 'Give this user write permission there, or write elsewhere.';
const CHECK_PATH = 'Check the path.';

const TOO_MANY_OPEN: Meaning = {
  code: 'IO_FAILED',
  says: 'too many files are open',
  hint: 'Raise the limit of open files (ulimit -n), or copy with a lower parallelism.',
};

const WRITING: Readonly<Record<string, Meaning>> = {
  ENOSPC: { code: 'STORAGE_FULL', says: 'the disk is full', hint: FREE_SPACE },
  EDQUOT: { code: 'STORAGE_FULL', says: 'the quota is used up', hint: FREE_SPACE },
  EFBIG: { code: 'TARGET_UNWRITABLE', says: 'the file system holds no file that large', hint: 'Write smaller parts.' },
  EACCES: { code: 'TARGET_UNWRITABLE', says: 'permission was denied', hint: MAY_WRITE },
  EPERM: { code: 'TARGET_UNWRITABLE', says: 'the operation is not permitted', hint: MAY_WRITE },
  EROFS: { code: 'TARGET_UNWRITABLE', says: 'the file system is read-only', hint: 'Write to another file system.' },
  ENOTDIR: { code: 'TARGET_UNWRITABLE', says: 'a folder on the way is a file', hint: CHECK_PATH },
  EEXIST: { code: 'TARGET_UNWRITABLE', says: 'a folder on the way is a file', hint: CHECK_PATH },
  EISDIR: { code: 'TARGET_UNWRITABLE', says: 'it is a folder', hint: CHECK_PATH },
  ENOENT: { code: 'NOT_FOUND', says: 'it is not there', hint: CHECK_PATH },
  ENAMETOOLONG: { code: 'CONFIG_INVALID', says: 'a name in it is too long', hint: 'Use a shorter path.' },
  EMFILE: TOO_MANY_OPEN,
  ENFILE: TOO_MANY_OPEN,
};

const READING: Readonly<Record<string, Meaning>> = {
  EACCES: { code: 'PERMISSION_DENIED', says: 'permission was denied', hint: 'Give this user read permission there.' },
  EPERM: {
    code: 'PERMISSION_DENIED',
    says: 'the operation is not permitted',
    hint: 'Give this user read permission there.',
  },
  ENOENT: { code: 'NOT_FOUND', says: 'it is not there', hint: CHECK_PATH },
  ENOTDIR: { code: 'NOT_FOUND', says: 'a folder on the way is a file', hint: CHECK_PATH },
  EISDIR: { code: 'NOT_FOUND', says: 'it is a folder', hint: CHECK_PATH },
  ENAMETOOLONG: { code: 'CONFIG_INVALID', says: 'a name in it is too long', hint: 'Use a shorter path.' },
  EMFILE: TOO_MANY_OPEN,
  ENFILE: TOO_MANY_OPEN,
};

export function readFailure(path: string, cause: unknown): unknown {
  return failure(READING, 'read', path, cause);
}

export function writeFailure(path: string, cause: unknown): unknown {
  return failure(WRITING, 'write', path, cause);
}

export async function orWriteFailure<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw writeFailure(path, error);
  }
}

/** What the operating system refused, as an error of ours; anything else passes unchanged. */
function failure(meanings: Readonly<Record<string, Meaning>>, verb: string, path: string, cause: unknown): unknown {
  const code = systemCode(cause);
  if (code === undefined) return cause;
  const meaning = meanings[code];
  if (meaning === undefined) {
    return new SluiceError('IO_FAILED', `cannot ${verb} ${path}: ${code}`, {
      cause,
      hint: 'Check the disk and the file system.',
    });
  }
  return new SluiceError(meaning.code, `cannot ${verb} ${path}: ${meaning.says}`, { cause, hint: meaning.hint });
}

/** Such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || SluiceError.is(error)) return undefined;
  return 'code' in error && 'syscall' in error && typeof error.code === 'string' ? error.code : undefined;
}

export function isMissing(error: unknown): boolean {
  const code = systemCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** `undefined` instead of a throw where nothing is there. */
export async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
