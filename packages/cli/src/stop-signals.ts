import { EXIT_CODES, type ExitCode } from './exit-code.ts';

const STOPPING = { SIGINT: EXIT_CODES.interrupted, SIGTERM: EXIT_CODES.terminated } as const;

export interface StopSignals extends Disposable {
  /** Aborts with the first signal. */
  readonly signal: AbortSignal;
  /** What the process ends with once it was asked to stop. */
  readonly exitCode: ExitCode | undefined;
}

export interface StopListeners {
  readonly onFirst: () => void;
  /** Just before the process ends. */
  readonly onSecond: () => void;
}

/** Turns the first SIGINT or SIGTERM into an aborted signal; the second one ends the process at once. */
export function stopSignals({ onFirst, onSecond }: StopListeners): StopSignals {
  const controller = new AbortController();
  let exitCode: ExitCode | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    // Listened to below.
    const code = STOPPING[name as keyof typeof STOPPING];
    if (exitCode !== undefined) {
      onSecond();
      process.exit(code);
    }
    exitCode = code;
    onFirst();
    controller.abort(new DOMException(`stopped by ${name}`, 'AbortError'));
  };
  const names = Object.keys(STOPPING) as (keyof typeof STOPPING)[];
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    [Symbol.dispose]() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
