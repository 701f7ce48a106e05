import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

import type { Environment } from '../config/env-variables.ts';

/** Where the command keeps what must outlive it: journals, and the configurations of runs that can be resumed. */
export interface StateFolder {
  readonly path: string;
  /** It was named on the command line, and has to be named again. */
  readonly isGiven: boolean;
  readonly journals: string;
  readonly configurations: string;
  /** Histories of runs of pipelines. */
  readonly pipelines: string;
}

/**
 * The folder given, else the user's own for such things: https://specifications.freedesktop.org/basedir-spec, read
 * 2026-11.
 */
export function stateFolder(given: string | undefined, env: Environment): StateFolder {
  const path = given === undefined ? join(stateHome(env), 'sluice') : resolve(given);
  return {
    path,
    isGiven: given !== undefined,
    journals: join(path, 'journals'),
    configurations: join(path, 'configurations'),
    pipelines: join(path, 'pipelines'),
  };
}

function stateHome(env: Environment): string {
  const home = process.platform === 'win32' ? env['LOCALAPPDATA'] : env['XDG_STATE_HOME'];
  // The specification has relative paths ignored.
  return home !== undefined && isAbsolute(home) ? home : join(homedir(), '.local', 'state');
}
