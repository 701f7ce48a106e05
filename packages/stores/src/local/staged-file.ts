import { type FileHandle, lstat, open, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

import { type Context, SluiceError, type StagedWrite, type StageOptions } from '@sluice/core';

import { createFolder, syncFolder } from './folder-sync.ts';
import { isMissing, unlessMissing, writeFailure } from './local-error.ts';
import { filePath, refuseEscape, stagedPath } from './local-path.ts';
import { placeOf, stagedDataLost, type StagedPlace } from './staged-token.ts';

export async function stageFile(
  root: string,
  path: string,
  { onExisting, stagingId, after }: StageOptions,
  { signal }: Context,
): Promise<StagedWrite> {
  signal.throwIfAborted();
  const final = filePath(root, path);
  const staged = stagedPath(root, path, stagingId);
  const folder = dirname(final);
  await refuseEscape(root, folder);
  const start = after === undefined ? undefined : placeOf(root, after);
  if (start !== undefined && start.staged !== staged) throw stagedDataLost(final);
  const { file, inode } = start === undefined ? await create(staged, folder, final) : await reopen(start, final);
  const startBytes = start?.token.byteLength ?? 0;
  let byteLength = startBytes;
  let state: 'open' | 'prepared' | 'closed' = 'open';

  async function atWork<T>(work: () => Promise<T>): Promise<T> {
    if (state !== 'open') throw new SluiceError('CONTRACT_BROKEN', `the staged write of ${path} has ended`);
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      throw writeFailure(final, error);
    }
  }

  return {
    write: (bytes) =>
      atWork(async () => {
        let done = 0;
        while (done < bytes.length) {
          const { bytesWritten } = await file.write(bytes, done, bytes.length - done, byteLength);
          done += bytesWritten;
          byteLength += bytesWritten;
        }
      }),
    prepare: () =>
      atWork(async () => {
        await file.sync();
        await syncFolder(folder);
        await file.close();
        state = 'prepared';
        return { version: 1, path, staged: basename(staged), byteLength, inode: String(inode), onExisting };
      }),
    async [Symbol.asyncDispose]() {
      if (state !== 'open') return;
      state = 'closed';
      try {
        await file.close();
        // Bytes behind an earlier token are void and may stay. A later attempt may have taken the name over.
        if (start === undefined && (await inodeOf(staged)) === inode) await rm(staged, { force: true });
      } catch {
        // Must not hide why the write has ended. What stays goes with `discardStaged`, which says when it cannot.
      }
    },
  };
}

async function inodeOf(path: string): Promise<bigint | undefined> {
  return (await unlessMissing(lstat(path, { bigint: true })))?.ino;
}

interface OpenStaged {
  readonly file: FileHandle;
  readonly inode: bigint;
}

/** Never truncates what is there: after an interrupted publish, the name may still belong to a published file. */
async function create(staged: string, folder: string, final: string): Promise<OpenStaged> {
  try {
    await createFolder(folder);
    await rm(staged, { force: true });
    const file = await open(staged, 'wx');
    return await closingOnFailure(file, async () => ({ file, inode: (await file.stat({ bigint: true })).ino }));
  } catch (error) {
    throw writeFailure(final, error);
  }
}

async function reopen({ staged, token }: StagedPlace, final: string): Promise<OpenStaged> {
  let file: FileHandle;
  try {
    file = await open(staged, 'r+');
  } catch (error) {
    throw isMissing(error) ? stagedDataLost(final) : writeFailure(final, error);
  }
  try {
    return await closingOnFailure(file, async () => {
      const { ino, size, nlink } = await file.stat({ bigint: true });
      // Two names mean that publishing had begun: the bytes are public and stay as they are.
      if (String(ino) !== token.inode || Number(size) < token.byteLength || nlink > 1n) throw stagedDataLost(final);
      await file.truncate(token.byteLength);
      return { file, inode: ino };
    });
  } catch (error) {
    throw writeFailure(final, error);
  }
}

async function closingOnFailure<T>(file: FileHandle, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await file.close().catch(() => {});
    throw error;
  }
}
