import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { SluiceError } from '@sluice/core';

/** Writes a file anew: whoever reads it has the old text or the new one. @throws `TARGET_UNWRITABLE`. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw unwritable(path, cause);
  }
}

/** Writes a file that is not there yet. @throws `TARGET_EXISTS`, `TARGET_UNWRITABLE`. */
export async function createFile(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: 'wx' });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') throw alreadyThere(path, cause);
    throw unwritable(path, cause);
  }
}

function alreadyThere(path: string, cause: unknown): SluiceError {
  return new SluiceError('TARGET_EXISTS', `${path} is there already`, {
    cause,
    hint: 'Choose another name, or edit the file.',
  });
}

function unwritable(path: string, cause: unknown): SluiceError {
  return new SluiceError('TARGET_UNWRITABLE', `${path} cannot be written`, {
    cause,
    hint: 'Check that this process may write there.',
  });
}
