import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';

import type { CommandContext } from './commands/command-context.ts';
import type { CopyFlags } from './commands/copy-command.ts';
import type { EmulatorFlags } from './commands/emulator-command.ts';
import { EXIT_CODES, type ExitCode, exitCodeOf } from './exit-code.ts';
import { COMMAND_HELP, PROGRAM_HELP } from './help-text.ts';
import { errorDocument, errorLines } from './render/error-text.ts';
import { Output } from './render/output.ts';
import { stateFolder } from './state/state-folder.ts';
import { stopSignals } from './stop-signals.ts';
import { VERSION } from './version.ts';

interface GlobalFlags {
  readonly state?: string;
  readonly output: 'text' | 'json';
  readonly quiet?: true;
  readonly verbose?: true;
}

type Work = (context: CommandContext) => Promise<ExitCode>;

/** Runs one command and returns what the process is to end with. */
export async function runCommandLine(args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT_CODES.done;
  const program = defineProgram(async (work) => {
    exitCode = await runCommand(work, program.opts<GlobalFlags>());
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version were asked for; everything else was not understood.
    return error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.invalid;
  }
  return exitCode;
}

async function runCommand(work: Work, { state, output: format, quiet, verbose }: GlobalFlags): Promise<ExitCode> {
  const output = new Output({ format, quiet: quiet === true, verbose: verbose === true });
  using stop = stopSignals(() => output.warn('stopping; once more to stop at once'));
  try {
    return await work({ output, state: stateFolder(state, process.env), stop });
  } catch (error) {
    const isCancelled = stop.signal.aborted && error === stop.signal.reason;
    const lines = isCancelled ? ['cancelled'] : errorLines(error, { withStack: output.isVerbose });
    for (const line of lines) output.warn(line);
    if (output.isJson) {
      output.result([], isCancelled ? { status: 'cancelled' } : { status: 'failed', error: errorDocument(error) });
    }
    return isCancelled ? (stop.exitCode ?? EXIT_CODES.interrupted) : exitCodeOf(error);
  }
}

function defineProgram(run: (work: Work) => Promise<void>): Command {
  const program = new Command('sluice')
    .description('Moves data between systems as streams of Apache Arrow record batches.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show the help of a command')
    .addOption(new Option('--output <format>', 'what stdout gets').choices(['text', 'json']).default('text'))
    .option('--state <folder>', 'where runs are kept (default: $XDG_STATE_HOME/sluice or ~/.local/state/sluice)')
    .option('--quiet', 'say nothing but results, warnings and errors')
    .option('--verbose', 'say more; show where in the program an error came from')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(sluice --help shows what there is)')
    .addHelpText('after', PROGRAM_HELP)
    .exitOverride();

  command(program, 'copy', 'Copies what a configuration says.')
    .argument('<config>', 'file of YAML or JSON')
    .option('--id <id>', 'name of the run; an unfinished run of that name is resumed', requireText)
    .option('--no-journal', 'keep nothing of the run on this machine: it cannot be resumed')
    .action((file: string, flags: CopyFlags) =>
      run(async (context) => (await import('./commands/copy-command.ts')).copyCommand(file, flags, context)),
    );

  command(program, 'resume', 'Goes on with a run that failed or was stopped.')
    .argument('<id>', 'name of the run')
    .argument('[config]', 'the configuration it was started with, where it is not kept')
    .action((id: string, file: string | undefined) =>
      run(async (context) => (await import('./commands/resume-command.ts')).resumeCommand(id, file, context)),
    );

  command(program, 'abandon', 'Gives up a run: ends and removes what it has started.')
    .argument('<id>', 'name of the run')
    .argument('[config]', 'the configuration it was started with, where it is not kept')
    .action((id: string, file: string | undefined) =>
      run(async (context) => (await import('./commands/abandon-command.ts')).abandonCommand(id, file, context)),
    );

  command(program, 'runs', 'Lists the runs of the journal.').action(() =>
    run(async (context) => (await import('./commands/runs-command.ts')).runsCommand(context)),
  );

  command(program, 'explain', 'Shows what a copy would read, and starts nothing.')
    .argument('<config>', 'file of YAML or JSON')
    .action((file: string) =>
      run(async (context) => (await import('./commands/explain-command.ts')).explainCommand(file, context)),
    );

  command(program, 'emulator', 'Serves an emulated Salesforce org on this machine until Ctrl-C.')
    .option('--port <number>', 'port on 127.0.0.1 (default: a free one)', requirePort)
    .option('--data <file>', 'JSON file that defines objects and rows (default: real sample data)')
    .option('--options <file>', 'file of YAML or JSON with options of the emulator')
    .option('--client-id <id>', 'consumer key (default: a random one)', requireText)
    .option('--client-secret <secret>', 'consumer secret (default: a random one)', requireText)
    .action((flags: EmulatorFlags) =>
      run(async (context) => (await import('./commands/emulator-command.ts')).emulatorCommand(flags, context)),
    );

  return program;
}

function command(program: Command, name: keyof typeof COMMAND_HELP, summary: string): Command {
  return program.command(name).description(summary).addHelpText('after', COMMAND_HELP[name]);
}

function requireText(value: string): string {
  if (value === '') throw new InvalidArgumentError('It is empty.');
  return value;
}

function requirePort(value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535) throw new InvalidArgumentError('It is no port.');
  return port;
}
