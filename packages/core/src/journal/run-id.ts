import { createHash } from 'node:crypto';

import { SluiceError } from '../error/sluice-error.ts';

const MAX_CHARACTERS = 200;
/** Leaves room for what SQLite appends to a name in the 255 bytes that file systems allow. */
const MAX_NAME_BYTES = 200;

/** @throws `CONFIG_INVALID` unless the id is 1 to 200 UTF-16 units of well-formed text. */
export function checkRunId(runId: string): void {
  if (runId.length > 0 && runId.length <= MAX_CHARACTERS && runId.isWellFormed()) return;
  throw new SluiceError('CONFIG_INVALID', `a run id must be 1 to ${MAX_CHARACTERS} characters of well-formed text`);
}

/**
 * A file name for a run id, safe on every file system and different for different ids where case does not count.
 *
 * Lower case letters, digits, `-` and `_` stand for themselves, every other byte of the UTF-8 is `%` and two digits. Ids
 * too long for that end in a `~` and their SHA-256, and can be read in the file only.
 */
export function runFileName(runId: string): string {
  const name = Array.from(Buffer.from(runId), (byte) => {
    const character = String.fromCharCode(byte);
    return /[a-z0-9_-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
  }).join('');
  if (name.length <= MAX_NAME_BYTES) return name;
  const hash = createHash('sha256').update(runId).digest('hex');
  return `${name.slice(0, MAX_NAME_BYTES - hash.length - 1)}~${hash}`;
}

/** The id that a file name stands for; of one that ends in a hash, the name is all there is. */
export function runIdOf(name: string): string {
  const bytes = name.replace(/%([0-9a-f]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
  const id = Buffer.from(bytes, 'latin1').toString();
  return !name.includes('~') && runFileName(id) === name ? id : name;
}
