import type { CommandContext } from './commands/command-context.ts';
import { exitCodeOf } from './error-exit.ts';
import { EXIT_CODES, type ExitCode } from './exit-code.ts';
import { errorDocument, errorLines } from './render/error-text.ts';
import { Output, type OutputStreams } from './render/output.ts';
import { stateFolder } from './state/state-folder.ts';
import { stopSignals } from './stop-signals.ts';

/** What every command takes. */
export interface GlobalFlags {
  readonly state?: string;
  readonly output: 'text' | 'json';
  readonly quiet?: true;
  readonly verbose?: true;
}

export type Work = (context: CommandContext) => Promise<ExitCode>;

/** Runs a command; what it throws is shown and becomes an exit code. */
export async function runCommand(
  work: Work,
  { state, output: format, quiet, verbose }: GlobalFlags,
  streams: OutputStreams,
): Promise<ExitCode> {
  const output = new Output({ format, quiet: quiet === true, verbose: verbose === true }, streams);
  using stop = stopSignals({
    onFirst: () => output.warn('stopping; once more to stop at once'),
    onSecond: () => output.live?.clear(),
  });
  try {
    return await work({ output, state: stateFolder(state, process.env), stop });
  } catch (error) {
    const isCancelled = stop.signal.aborted && error === stop.signal.reason;
    output.problem(isCancelled ? ['cancelled'] : errorLines(error, { withStack: output.isVerbose }));
    if (output.isJson) {
      output.result([], isCancelled ? { status: 'cancelled' } : { status: 'failed', error: errorDocument(error) });
    }
    return isCancelled ? (stop.exitCode ?? EXIT_CODES.interrupted) : exitCodeOf(error);
  }
}
