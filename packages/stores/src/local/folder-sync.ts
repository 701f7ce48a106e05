import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

import { systemCode } from './local-error.ts';

/** Makes the names in a folder durable. Systems that cannot sync a folder make them durable by themselves, or not at all. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    await using handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    if (!['EISDIR', 'EINVAL', 'EPERM', 'ENOTSUP', 'EBADF'].includes(systemCode(error) ?? '')) throw error;
  }
}

/** Creates a folder with those above it, durably. */
export async function createFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  let created = folder;
  while (created.length >= first.length) {
    created = dirname(created);
    await syncFolder(created);
  }
}
