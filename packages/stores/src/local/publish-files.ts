import { link, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { type Context, type Json, SluiceError } from '@sluice/core';

import { syncFolder } from './folder-sync.ts';
import { orWriteFailure, systemCode, unlessMissing } from './local-error.ts';
import { refuseEscape } from './local-path.ts';
import { holdsStaged, isSameFile, placeOf, stagedDataLost, type StagedPlace } from './staged-token.ts';

/**
 * Gives staged files their final names.
 *
 * A file that must not replace another is linked, which fails where the name is taken, and loses its staged name only
 * when the link is durable. Where it was published before, its inode says so.
 */
export async function publishFiles(root: string, tokens: readonly Json[], { signal }: Context): Promise<void> {
  const folders = new Set<string>();
  const linked: string[] = [];
  for (const json of tokens) {
    signal.throwIfAborted();
    const place = placeOf(root, json);
    await refuseEscape(root, dirname(place.final));
    if ((await orWriteFailure(place.final, publishFile(place))) === 'linked') linked.push(place.staged);
    folders.add(dirname(place.final));
  }
  for (const folder of folders) await orWriteFailure(folder, syncFolder(folder));
  for (const staged of linked) await orWriteFailure(staged, rm(staged, { force: true }));
}

async function publishFile({ token, staged, final }: StagedPlace): Promise<'done' | 'linked'> {
  const stats = await unlessMissing(lstat(staged, { bigint: true }));
  if (!holdsStaged(stats, token)) {
    if (isSameFile(await unlessMissing(lstat(final, { bigint: true })), token)) return 'done';
    throw stagedDataLost(final);
  }
  if (!isSameFile(stats, token)) await dropVoidBytes(staged, token.byteLength);
  if (token.onExisting === 'replace') {
    await rename(staged, final);
    return 'done';
  }
  try {
    await link(staged, final);
    return 'linked';
  } catch (error) {
    const code = systemCode(error) ?? '';
    if (code === 'EEXIST') {
      if (isSameFile(await lstat(final, { bigint: true }), token)) return 'linked';
      throw targetExists(final);
    }
    if (!WITHOUT_LINKS.has(code)) throw error;
  }
  // Without hard links there is no name that is taken and given in one step: another program that creates the file
  // between the look and the rename loses it.
  if ((await unlessMissing(lstat(final))) !== undefined) throw targetExists(final);
  await rename(staged, final);
  return 'done';
}

/** What an interrupted write left behind the part that was prepared. */
async function dropVoidBytes(staged: string, byteLength: number): Promise<void> {
  await using file = await open(staged, 'r+');
  await file.truncate(byteLength);
  await file.sync();
}

const WITHOUT_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

function targetExists(path: string): SluiceError {
  return new SluiceError('TARGET_EXISTS', `${path} is already there`, {
    hint: 'Choose another path, remove the file, or write with mode overwrite.',
  });
}
