import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Emulator } from '@sluice/salesforce-emulator';

import type { CopyEnd, CopyNews, CopyOrder } from './copy-process.ts';

const SCRIPT = fileURLToPath(new URL('./copy-process.ts', import.meta.url));

/** When a process is killed: so many milliseconds after the org has seen so many requests of it. */
export interface KillMoment {
  readonly requests: number;
  readonly delayMs: number;
}

/** A process that does one copy: it is loaded first, and begins when it is told to. */
export interface CopyProcess extends Disposable {
  /** How it ended; undefined when it was killed before. */
  run(order: CopyOrder): Promise<CopyEnd | undefined>;
  kill(): void;
}

export interface CopyProcessOptions {
  readonly nodeOptions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export async function copyProcess({ nodeOptions = [], env = {} }: CopyProcessOptions = {}): Promise<CopyProcess> {
  const child = fork(SCRIPT, {
    execArgv: ['--conditions=@sluice/source', '--disable-warning=ExperimentalWarning', ...nodeOptions],
    // Most of what such a process does is to load.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'sluice-compile-cache'), ...env },
  });
  const kill = (): void => void child.kill('SIGKILL');
  await said(child, 'ready');
  return {
    kill,
    async run(order) {
      const ended = Promise.race([said(child, 'receipt', 'failed'), gone(child)]);
      child.send(order);
      const end = await ended;
      // Its hold of the run goes with it.
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return end;
    },
    [Symbol.dispose]: kill,
  };
}

/** Kills the process at its moment, unless it is over before. */
export async function killAt(victim: CopyProcess, { requests, delayMs }: KillMoment, { requests: log }: Emulator) {
  const before = log.all.length;
  await log.waitFor(() => log.all.length >= before + requests);
  await delay(delayMs);
  victim.kill();
}

async function said(child: ChildProcess, ...kinds: readonly CopyNews['kind'][]): Promise<CopyEnd> {
  const { promise, resolve } = Promise.withResolvers<CopyEnd>();
  child.on('message', (message) => {
    // As the script sends it.
    const news = message as CopyNews;
    if (kinds.includes(news.kind)) resolve(news as CopyEnd);
  });
  return await promise;
}

async function gone(child: ChildProcess): Promise<undefined> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
