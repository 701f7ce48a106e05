import { constants } from 'node:fs';
import { access, lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { SluiceError } from '@sluice/core';

import { isMissing, unlessMissing, writeFailure } from './local-error.ts';

/**
 * Refuses a folder that files cannot be created in. One that does not exist is judged by the nearest above it that does,
 * in which it would be created.
 */
export async function refuseUnwritableFolder(absolute: string): Promise<void> {
  let folder = absolute;
  while (true) {
    try {
      if (!(await stat(folder)).isDirectory()) {
        throw new SluiceError('TARGET_UNWRITABLE', `${folder} is not a folder`, {
          hint: 'Choose another path, or remove what is there.',
        });
      }
      await access(folder, constants.W_OK | constants.X_OK);
      return;
    } catch (error) {
      if (!isMissing(error) || folder === dirname(folder)) throw writeFailure(folder, error);
      folder = dirname(folder);
    }
  }
}

/** Refuses the name of a file where a folder has it, which no file replaces. */
export async function refuseFolder(absolute: string): Promise<void> {
  try {
    if ((await unlessMissing(lstat(absolute)))?.isDirectory() !== true) return;
  } catch (error) {
    throw writeFailure(absolute, error);
  }
  throw new SluiceError('TARGET_UNWRITABLE', `${absolute} is a folder`, {
    hint: 'Name a file in it, or end the path in / to write one file per part.',
  });
}
