import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Emulator } from '@sluice/salesforce-emulator';

import type { CopyEnd, CopyOrder } from './copy-process.ts';
import type { LoadEnd, LoadOrder } from './load-process.ts';

/** What each script is told, and what it says in the end. */
interface Scripts {
  readonly './copy-process.ts': { readonly order: CopyOrder; readonly end: CopyEnd };
  readonly './load-process.ts': { readonly order: LoadOrder; readonly end: LoadEnd };
}

type ScriptName = keyof Scripts;

/** When a process is killed: so many milliseconds after the org has seen so many requests of it. */
export interface KillMoment {
  readonly requests: number;
  readonly delayMs: number;
}

/** A process that does one copy: it is loaded first, and begins when it is told to. */
export interface CopyProcess<Name extends ScriptName = './copy-process.ts'> extends Disposable {
  /** How it ended; undefined when it was killed before. */
  run(order: Scripts[Name]['order']): Promise<Scripts[Name]['end'] | undefined>;
  kill(): void;
}

export interface CopyProcessOptions {
  readonly nodeOptions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export async function copyProcess(options: CopyProcessOptions = {}): Promise<CopyProcess> {
  return await scriptProcess('./copy-process.ts', options);
}

export async function scriptProcess<Name extends ScriptName>(
  name: Name,
  { nodeOptions = [], env = {} }: CopyProcessOptions = {},
): Promise<CopyProcess<Name>> {
  const child = fork(fileURLToPath(new URL(name, import.meta.url)), {
    execArgv: ['--conditions=@sluice/source', '--disable-warning=ExperimentalWarning', ...nodeOptions],
    // Most of what such a process does is to load.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'sluice-compile-cache'), ...env },
  });
  const kill = (): void => void child.kill('SIGKILL');
  await said(child, 'ready');
  return {
    kill,
    async run(order) {
      const ended = Promise.race([said<Scripts[Name]['end']>(child, 'receipt', 'failed'), gone(child)]);
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
export async function killAt(
  victim: Pick<CopyProcess, 'kill'>,
  { requests, delayMs }: KillMoment,
  { requests: log }: Emulator,
) {
  const before = log.all.length;
  await log.waitFor(() => log.all.length >= before + requests);
  await delay(delayMs);
  victim.kill();
}

async function said<News>(child: ChildProcess, ...kinds: readonly string[]): Promise<News> {
  const { promise, resolve } = Promise.withResolvers<News>();
  child.on('message', (message) => {
    // As the script sends it.
    const news = message as { readonly kind: string };
    if (kinds.includes(news.kind)) resolve(news as News);
  });
  return await promise;
}

async function gone(child: ChildProcess): Promise<undefined> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
