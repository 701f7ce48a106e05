import type { BigIntStats } from 'node:fs';
import { dirname, join } from 'node:path';

import { type Json, SluiceError, type StageOptions } from '@sluice/core';

import { filePath, isStaged } from './local-path.ts';

/** What finds a staged file again in another process. */
export type StagedToken = {
  readonly version: 1;
  readonly path: string;
  /** Name of the staged file, in the folder of `path`. */
  readonly staged: string;
  readonly byteLength: number;
  /** Tells the staged file from another under the same name, before and after it got its final one. */
  readonly inode: string;
  readonly onExisting: StageOptions['onExisting'];
};

/** A token with the places it names, checked to be inside the root. */
export interface StagedPlace {
  readonly token: StagedToken;
  readonly staged: string;
  readonly final: string;
}

export function placeOf(root: string, json: Json): StagedPlace {
  const token = parseToken(json);
  const final = filePath(root, token.path);
  return { token, final, staged: join(dirname(final), token.staged) };
}

export function isSameFile(stats: BigIntStats | undefined, token: StagedToken): boolean {
  return holdsStaged(stats, token) && Number(stats?.size) === token.byteLength;
}

/** Also true when more was written behind what the token stands for. */
export function holdsStaged(stats: BigIntStats | undefined, token: StagedToken): boolean {
  return (
    stats !== undefined && stats.isFile() && String(stats.ino) === token.inode && Number(stats.size) >= token.byteLength
  );
}

export function stagedDataLost(path: string): SluiceError {
  return new SluiceError('STAGED_DATA_LOST', `the staged data of ${path} is gone or is not what was prepared`, {
    hint: 'Start the run again; something removed or changed its staged files.',
  });
}

function parseToken(json: Json): StagedToken {
  if (isToken(json)) return json;
  throw new SluiceError('POSITION_UNSUPPORTED', 'a staged file was written by another version of the local store', {
    hint: 'Go on with the version of Sluice that started the run, or abandon the run and start again.',
  });
}

function isToken(json: Json): json is StagedToken {
  if (typeof json !== 'object' || json === null || !('version' in json)) return false;
  const { version, path, staged, byteLength, inode, onExisting } = json;
  return (
    version === 1 &&
    typeof path === 'string' &&
    typeof staged === 'string' &&
    isStaged(staged) &&
    !/[/\\]/.test(staged) &&
    typeof byteLength === 'number' &&
    typeof inode === 'string' &&
    (onExisting === 'create' || onExisting === 'replace')
  );
}
