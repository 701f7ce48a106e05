import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Several processes start in a test, beside other tests on a small machine. */
export const PROCESS_TIMEOUT_MS = 120_000;

export interface Ended {
  /** Null when a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SluiceOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The descriptor of what stdout is to be; by default it is kept. */
  readonly stdout?: number;
}

/** The real command as a process of its own. */
export class SluiceProcess {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #waiters = new Set<() => void>();
  #stdout = '';
  #stderr = '';
  #isOver = false;

  constructor(args: readonly string[], { cwd, env = {}, stdout }: SluiceOptions) {
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, ['--conditions=@sluice/source', MAIN, ...args], {
      cwd,
      // Nothing of whoever runs the tests: neither a proxy nor a state folder.
      env: { PATH, NO_COLOR: '1', ...env },
      stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#look();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#look();
    });
    const { promise, resolve } = Promise.withResolvers<Ended>();
    child.on('close', (code, signal) => {
      this.#isOver = true;
      this.#look();
      resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr });
    });
    this.ended = promise;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Nobody reads what it prints any more. */
  closeStdout(): void {
    this.#child.stdout?.destroy();
  }

  closeStderr(): void {
    this.#child.stderr?.destroy();
  }

  soFar(): Pick<Ended, 'stdout' | 'stderr'> {
    return { stdout: this.#stdout, stderr: this.#stderr };
  }

  /** Resolves with all that was printed so far, once it matches. */
  printed(pattern: RegExp): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const look = (): void => {
      const all = this.#stdout + this.#stderr;
      if (pattern.test(all)) resolve(all);
      else if (this.#isOver) reject(new Error(`it ended without printing ${String(pattern)}:\n${all}`));
      else return;
      this.#waiters.delete(look);
    };
    this.#waiters.add(look);
    look();
    return promise;
  }

  #look(): void {
    for (const look of this.#waiters) look();
  }
}

export async function sluice(args: readonly string[], options: SluiceOptions): Promise<Ended> {
  return await new SluiceProcess(args, options).ended;
}
