import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { StoredFile } from '@sluice/core';

import { readFailure, unlessMissing } from './local-error.ts';
import { isInside, isStaged } from './local-path.ts';

/**
 * Files below a folder in path order, staged ones left out. A link to a file inside the root counts as that file; links
 * to folders are not followed.
 */
export async function* listFiles(
  root: string,
  folder: string,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<StoredFile> {
  signal.throwIfAborted();
  const entries = await readFolder(folder);
  for (const entry of entries.toSorted(byPath)) {
    signal.throwIfAborted();
    const { name } = entry;
    const absolute = join(folder, name);
    if (entry.isDirectory()) {
      yield* listFiles(root, absolute, `${prefix}${name}/`, signal);
    } else if (entry.isFile() || (entry.isSymbolicLink() && (await leadsInside(root, absolute)))) {
      const file = isStaged(name) ? undefined : await statFile(absolute, `${prefix}${name}`);
      if (file !== undefined) yield file;
    }
  }
}

/** Undefined when there is no file of that name. */
export async function statFile(absolute: string, path: string): Promise<StoredFile | undefined> {
  try {
    const stats = await unlessMissing(stat(absolute));
    return stats?.isFile() ? { path, byteLength: stats.size, modifiedMs: stats.mtimeMs } : undefined;
  } catch (error) {
    throw readFailure(absolute, error);
  }
}

async function readFolder(folder: string): Promise<readonly Dirent[]> {
  try {
    return (await unlessMissing(readdir(folder, { withFileTypes: true }))) ?? [];
  } catch (error) {
    throw readFailure(folder, error);
  }
}

/** As whole paths compare: `a.txt` stands before `a/b`. */
function byPath(left: Dirent, right: Dirent): number {
  const leftName = left.isDirectory() ? `${left.name}/` : left.name;
  const rightName = right.isDirectory() ? `${right.name}/` : right.name;
  return leftName < rightName ? -1 : 1;
}

async function leadsInside(root: string, absolute: string): Promise<boolean> {
  const real = await unlessMissing(realpath(absolute));
  return real !== undefined && isInside(await realpath(root), real);
}
