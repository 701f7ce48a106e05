import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { SluiceError } from '@sluice/core';

export interface ScriptLogPlace {
  /** Absolute path of the store. */
  readonly root: string;
  /** Folder in it. Default: `scriptactivity-logs`. */
  readonly path: string | undefined;
  readonly activityName: string;
  readonly activityRunId: string;
}

/** Where what the server raised is written: `<path>/<activity>/<run>/`. @throws `CONFIG_INVALID` for a path out of the store. */
export function scriptLogFolder({ path = '', activityName, activityRunId }: ScriptLogPlace): string {
  const folders = path.split(/[/\\]/).filter((part) => part !== '');
  const all = [...(folders.length === 0 ? ['scriptactivity-logs'] : folders), activityName, activityRunId];
  if (all.some((part) => part === '.' || part === '..' || /[/\\\0]/.test(part))) {
    throw new SluiceError(
      'CONFIG_INVALID',
      'logSettings.logLocationSettings.path leads out of the folder of its store',
    );
  }
  return `${all.join('/')}/`;
}

/** @throws `IO_FAILED` */
export async function writeScriptLog(root: string, folder: string, text: string): Promise<void> {
  try {
    await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, folder, 'output.txt'), text === '' ? '' : `${text}\n`);
  } catch (cause) {
    throw new SluiceError('IO_FAILED', `the log of the script cannot be written to ${folder}`, { cause });
  }
}
