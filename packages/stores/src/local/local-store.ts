import { open, readdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { type ByteRange, SluiceError, type Store } from '@sluice/core';

import { syncFolder } from './folder-sync.ts';
import { listFiles, statFile } from './list-files.ts';
import { orWriteFailure, readFailure, unlessMissing } from './local-error.ts';
import { filePath, folderPath, refuseEscape, stagedPath, stagedPrefix } from './local-path.ts';
import { publishFiles } from './publish-files.ts';
import { stageFile } from './staged-file.ts';
import { placeOf } from './staged-token.ts';
import { refuseFolder, refuseUnwritableFolder } from './writable-check.ts';

const READ_BYTES = 262_144;

/**
 * Files in a folder of this machine, or of a file system mounted on it.
 *
 * Staged data lies beside the file it becomes, under a hidden name, so that publishing is a link or a rename within one
 * folder. A name is given only to data that is on disk, and is on disk itself when `publish` resolves. Publishing with
 * `onExisting: 'create'` never replaces a file, except on file systems without hard links, where another program that
 * creates the same file at the same moment loses it. Folders are created when a file is staged in them, and left.
 *
 * Paths with `..`, absolute ones, and ones that symbolic links lead out of the root are refused. `discardStaged` with a
 * folder (ending in `/`) removes all that an id has staged in it.
 *
 * @throws `CONFIG_INVALID` for a path that cannot be used; `TARGET_EXISTS` when a file to create is there;
 * `TARGET_UNWRITABLE`, `PERMISSION_DENIED`, `STORAGE_FULL`, `NOT_FOUND` and `IO_FAILED` for what the operating system
 * refuses; `STAGED_DATA_LOST` when staged files were removed or changed; `FILE_CORRUPT` when a file ends within a range.
 */
export function localStore(root: string): Store {
  if (root === '' || root.includes('\0')) {
    throw new SluiceError('CONFIG_INVALID', 'the root of a local store must be a path', {
      hint: 'Give the folder that paths are relative to, such as ./out.',
    });
  }
  const rootPath = resolve(root);
  return {
    contractVersion: 1,
    name: 'local',
    config: { root: rootPath },

    async check({ signal }, path = '') {
      signal.throwIfAborted();
      const isFolder = path === '' || path.endsWith('/');
      const absolute = isFolder ? folderPath(rootPath, path) : filePath(rootPath, path);
      await refuseEscape(rootPath, absolute);
      if (!isFolder) await refuseFolder(absolute);
      await refuseUnwritableFolder(isFolder ? absolute : dirname(absolute));
    },

    async *list(folder, { signal }) {
      const absolute = folderPath(rootPath, folder);
      await refuseEscape(rootPath, absolute);
      yield* listFiles(rootPath, absolute, folder, signal);
    },

    async stat(path, { signal }) {
      signal.throwIfAborted();
      const absolute = filePath(rootPath, path);
      await refuseEscape(rootPath, absolute);
      return statFile(absolute, path);
    },

    async *read(path, { signal }, range) {
      const absolute = filePath(rootPath, path);
      await refuseEscape(rootPath, absolute);
      yield* readFile(absolute, signal, range);
    },

    stage: (path, options, ctx) => stageFile(rootPath, path, options, ctx),

    publish: (tokens, ctx) => publishFiles(rootPath, tokens, ctx),

    async discard(tokens, { signal }) {
      for (const token of tokens) {
        signal.throwIfAborted();
        await removeFile(placeOf(rootPath, token).staged);
      }
    },

    async discardStaged(path, stagingId, { signal }) {
      signal.throwIfAborted();
      if (!path.endsWith('/')) {
        await refuseEscape(rootPath, dirname(filePath(rootPath, path)));
        await removeFile(stagedPath(rootPath, path, stagingId));
        return;
      }
      const folder = folderPath(rootPath, path);
      await refuseEscape(rootPath, folder);
      for (const name of await namesIn(folder)) {
        if (name.startsWith(stagedPrefix(stagingId))) await removeFile(join(folder, name));
      }
    },

    async remove(paths, { signal }) {
      const folders = new Set<string>();
      for (const path of paths) {
        signal.throwIfAborted();
        const absolute = filePath(rootPath, path);
        await refuseEscape(rootPath, dirname(absolute));
        await removeFile(absolute);
        folders.add(dirname(absolute));
      }
      for (const folder of folders) await orWriteFailure(folder, unlessMissing(syncFolder(folder)));
    },

    async [Symbol.asyncDispose]() {},
  };
}

async function* readFile(absolute: string, signal: AbortSignal, range?: ByteRange): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted();
  await using file = await open(absolute, 'r').catch((error: unknown) => {
    throw readFailure(absolute, error);
  });
  let at = range?.start ?? 0;
  const end = range?.end ?? Infinity;
  while (at < end) {
    signal.throwIfAborted();
    // A buffer of its own each time: the last one belongs to the consumer.
    const buffer = new Uint8Array(Math.min(READ_BYTES, end - at));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at).catch((error: unknown) => {
      throw readFailure(absolute, error);
    });
    if (bytesRead === 0 && range === undefined) return;
    if (bytesRead === 0) {
      throw new SluiceError('FILE_CORRUPT', `${absolute} ends at byte ${at}, within the range asked for`, {
        hint: 'Check whether the file was cut short or is still being written.',
      });
    }
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await unlessMissing(readdir(folder))) ?? [];
  } catch (error) {
    throw readFailure(folder, error);
  }
}

async function removeFile(absolute: string): Promise<void> {
  await orWriteFailure(absolute, unlessMissing(rm(absolute)));
}
