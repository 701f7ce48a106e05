import { type ChildProcess, fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { CopyEnd, CopyOrder } from './copy-process.ts';

const SCRIPT = fileURLToPath(new URL('copy-process.ts', import.meta.url));

/** Processes that copy, one after the other: each until it is killed. */
export class Victims implements Disposable {
  #process: ChildProcess | undefined;

  /** How the copy ended; undefined when its process was killed before. */
  async run(order: CopyOrder): Promise<CopyEnd | undefined> {
    const child = (this.#process ??= started());
    const { promise, resolve } = Promise.withResolvers<CopyEnd | undefined>();
    const ended = (end: unknown): void => {
      // As the script sends it.
      resolve(end as CopyEnd);
    };
    const gone = (): void => resolve(undefined);
    child.once('message', ended);
    child.once('exit', gone);
    child.send(order);
    const end = await promise;
    child.off('message', ended);
    child.off('exit', gone);
    return end;
  }

  /** As the machine would when it loses power: whatever the process was about to do, it does not. */
  kill(): void {
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
  }

  [Symbol.dispose](): void {
    this.kill();
  }
}

function started(): ChildProcess {
  return fork(SCRIPT, {
    execArgv: ['--conditions=@sluice/source', '--disable-warning=ExperimentalWarning'],
    // Most of what such a process does is to load.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'sluice-compile-cache') },
  });
}
