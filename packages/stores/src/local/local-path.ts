import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';

import { SluiceError } from '@sluice/core';

import { readFailure, unlessMissing } from './local-error.ts';

/** Names that begin so are staged data; nothing else may use them. */
const STAGED_PREFIX = '.sluice-staged-';

/** @throws `CONFIG_INVALID` when the path is not relative, plain and inside the root. */
export function filePath(root: string, path: string): string {
  return join(root, ...checkedNames(path, path));
}

/** A folder is empty for the root, or ends in `/`. */
export function folderPath(root: string, folder: string): string {
  if (folder === '') return root;
  if (!folder.endsWith('/')) throw refused(folder, 'a folder ends in /');
  return join(root, ...checkedNames(folder.slice(0, -1), folder));
}

function checkedNames(path: string, given: string): readonly string[] {
  if (path === '') throw refused(given, 'it is empty');
  const names = path.split('/');
  for (const name of names) {
    if (name === '') throw refused(given, 'it is absolute or has an empty name');
    if (name === '.' || name === '..') throw refused(given, 'it has . or .. in it');
    if (holdsOddCharacter(name)) throw refused(given, 'it has a backslash, a colon or a control character in it');
    if (name.startsWith(STAGED_PREFIX)) throw refused(given, `names that begin with ${STAGED_PREFIX} are reserved`);
  }
  return names;
}

/** A colon names a drive or a stream on Windows, where paths must mean the same. */
function holdsOddCharacter(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return name.includes('\\') || name.includes(':');
}

/** In the folder of the file it becomes, so that a rename is atomic; of fixed length, so that any name that fits has one. */
export function stagedPath(root: string, path: string, stagingId: string): string {
  const file = filePath(root, path);
  return join(dirname(file), `${stagedPrefix(stagingId)}${shortHash(basename(file))}`);
}

/** What the names of all staged data of one id begin with. */
export function stagedPrefix(stagingId: string): string {
  return `${STAGED_PREFIX}${shortHash(stagingId)}-`;
}

export function isStaged(name: string): boolean {
  return name.startsWith(STAGED_PREFIX);
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

/**
 * Refuses a file or folder that symbolic links place outside the root. What does not exist yet is judged by the nearest
 * folder above it that does.
 *
 * @throws `CONFIG_INVALID`
 */
export async function refuseEscape(root: string, absolutePath: string): Promise<void> {
  try {
    const realRoot = await unlessMissing(realpath(root));
    if (realRoot === undefined) return;
    let existing = absolutePath;
    let real = await unlessMissing(realpath(existing));
    while (real === undefined) {
      existing = dirname(existing);
      real = await unlessMissing(realpath(existing));
    }
    if (!isInside(realRoot, real)) throw refused(absolutePath, 'a symbolic link leads out of the root folder');
  } catch (error) {
    throw readFailure(absolutePath, error);
  }
}

export function isInside(realRoot: string, real: string): boolean {
  return real === realRoot || real.startsWith(realRoot.endsWith(sep) ? realRoot : `${realRoot}${sep}`);
}

function refused(path: string, why: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `the path ${JSON.stringify(path)} cannot be used: ${why}`, {
    hint: 'Give a path relative to the root of the store, its names joined by /.',
  });
}
