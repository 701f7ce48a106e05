import { closeSync, mkdirSync, openSync } from 'node:fs';

/** Makes a folder that only its owner may enter, where there is none. */
export function createFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** Makes an empty file that only its owner may read, where there is none. */
export function createFile(path: string): void {
  let file: number;
  try {
    // A file that exists is not even opened: closing it would end the locks this process holds on it.
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
    throw error;
  }
  closeSync(file);
}
