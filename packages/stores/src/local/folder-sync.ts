import { mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { systemCode, unlessMissing } from './local-error.ts';

/** Makes the names in a folder durable. Systems that cannot sync a folder make them durable by themselves, or not at all. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    await using handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    if (!['EISDIR', 'EINVAL', 'EPERM', 'ENOTSUP', 'EBADF'].includes(systemCode(error) ?? '')) throw error;
  }
}

/** Creates a folder with those above it, durably. Not by Node's own recursion, which never ends below `/proc`. */
export async function createFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  if (folder !== dirname(folder)) await createFolder(dirname(folder));
  try {
    await mkdir(folder);
  } catch (error) {
    // Somebody else may have created it just now.
    if (!(await isFolder(folder))) throw error;
  }
  await syncFolder(dirname(folder));
}

async function isFolder(path: string): Promise<boolean> {
  return (await unlessMissing(stat(path)))?.isDirectory() === true;
}
