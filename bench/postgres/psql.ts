import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

import type { PostgresInput } from './postgres-input.ts';

export function hasPsql(): boolean {
  return spawnSync('psql', ['--version']).status === 0;
}

/** Runs the command and then tells its user and system time, by a shell that every system has. */
const TIMED = '"$@"; status=$?; times; exit $status';

/** A `\copy`; answers its CPU time. */
export async function copyByPsql({ host, port, database, user }: PostgresInput, what: string): Promise<number> {
  const psql = ['psql', '-X', '-q', '-h', host, '-p', String(port), '-U', user, '-d', database, '-c', `\\copy ${what}`];
  const child = spawn('sh', ['-c', TIMED, 'sh', ...psql], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [told, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`psql ended with code ${String(code)}`);
  // Two lines: of the shell, and of what it ran.
  const [user_, system] = (told.trimEnd().split('\n').at(-1) ?? '').split(' ').map(milliseconds);
  return user_! + system!;
}

/** Of such as `0m1.250s`. */
function milliseconds(time: string): number {
  const [, minutes, seconds] = /^(\d+)m([\d.]+)s$/.exec(time) ?? [];
  return (Number(minutes) * 60 + Number(seconds)) * 1000;
}
