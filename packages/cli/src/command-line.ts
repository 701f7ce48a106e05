import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';

import { addAuthoringCommands } from './authoring-commands.ts';
import type { CopyFlags } from './commands/copy-command.ts';
import type { EmulatorFlags } from './commands/emulator-command.ts';
import type { PreviewFlags } from './commands/preview-command.ts';
import type { RunPipelineFlags } from './commands/run-pipeline-command.ts';
import type { RunsFlags } from './commands/runs-command.ts';
import type { ValidateFlags } from './commands/validate-command.ts';
import { EXIT_CODES, type ExitCode } from './exit-code.ts';
import type { FactoryFlags } from './factory/factory-flags.ts';
import type { InspectFlags } from './factory/inspect-flags.ts';
import { COMMAND_HELP, PROGRAM_HELP } from './help-text.ts';
import type { OutputStreams } from './render/output.ts';
import type { GlobalFlags, Work } from './run-command.ts';
import { VERSION } from './version.ts';

/** Runs one command and returns what the process is to end with. */
export async function runCommandLine(args: readonly string[], streams: OutputStreams = process): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT_CODES.done;
  const program = defineProgram(streams, async (work) => {
    // Loaded only when there is something to do: help is quick.
    const { runCommand } = await import('./run-command.ts');
    exitCode = await runCommand(work, program.opts<GlobalFlags>(), streams);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version were asked for; everything else was not understood, and has been said on stderr.
    if (error.exitCode === 0) return EXIT_CODES.done;
    if (wantsJson(args)) streams.stdout.write(usageDocument(error));
    return EXIT_CODES.invalid;
  }
  return exitCode;
}

/** What could not be understood as a whole may still say how it wants to be answered. */
function wantsJson(args: readonly string[]): boolean {
  return args.some((arg, i) => arg === '--output=json' || (arg === '--output' && args[i + 1] === 'json'));
}

function usageDocument({ code, message }: CommanderError): string {
  // Without a command, all that commander says is the help.
  const said = code === 'commander.help' ? 'a command is missing' : message.replace(/^error: /, '');
  const error = { code: 'CONFIG_INVALID', message: said, hint: 'sluice --help shows what there is.', retryable: false };
  return `${JSON.stringify({ status: 'failed', error }, undefined, 2)}\n`;
}

function defineProgram({ stdout, stderr }: OutputStreams, run: (work: Work) => Promise<void>): Command {
  const program = new Command('sluice')
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
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
    .argument('[config]', 'the configuration it was started with, where it is not kept; of a pipeline, its factory')
    .option(...VAULT)
    .option(...API_VERSION)
    .action((id: string, file: string | undefined, flags: FactoryFlags) =>
      run(async (context) => (await import('./commands/abandon-command.ts')).abandonCommand(id, file, flags, context)),
    );

  command(program, 'runs', 'Lists the runs of the journal.')
    .option('--prune <age>', 'remove what is kept of runs that ended so long ago, such as 30d or 12h', requireAge)
    .action((flags: RunsFlags) =>
      run(async (context) => (await import('./commands/runs-command.ts')).runsCommand(flags, context)),
    );

  command(program, 'explain', 'Shows what a copy would read, and starts nothing.')
    .argument('<config>', 'file of YAML or JSON')
    .action((file: string) =>
      run(async (context) => (await import('./commands/explain-command.ts')).explainCommand(file, context)),
    );

  factoryCommand(program, 'run', 'Runs a pipeline of a data factory.')
    .requiredOption('--pipeline <name>', 'name of the pipeline', requireText)
    .option(...PARAMETER)
    .option(...PARAMETERS_FILE)
    .option('--rerun <id>', 'run again a run that failed: what succeeded in it is not run again', requireText)
    .option('--exact-decimals', 'make room for fraction digits beyond the declared scale, instead of rounding them')
    .option('--skip-binary-fields', 'leave fields that hold files out, instead of refusing objects that have some')
    .option('--int96', 'write instants of Parquet files as INT96, as the service does')
    .action((path: string, flags: RunPipelineFlags) =>
      run(async (context) =>
        (await import('./commands/run-pipeline-command.ts')).runPipelineCommand(path, flags, context),
      ),
    );

  factoryCommand(program, 'validate', 'Says everything that is wrong with a data factory by itself.')
    .option('--pipeline <name>', 'only what this pipeline needs', requireText)
    .action((path: string, flags: ValidateFlags) =>
      run(async (context) => (await import('./commands/validate-command.ts')).validateCommand(path, flags, context)),
    );

  factoryCommand(program, 'test-connection', 'Tells whether a linked service works.')
    .argument('<linkedService>', 'name of the linked service')
    .option(...PARAMETER)
    .option(...PARAMETERS_FILE)
    .action((path: string, name: string, flags: InspectFlags) =>
      run(async (context) =>
        (await import('./commands/test-connection-command.ts')).testConnectionCommand(path, name, flags, context),
      ),
    );

  factoryCommand(program, 'discover', 'Lists what can be read through a linked service.')
    .argument('<linkedService>', 'name of the linked service')
    .option(...PARAMETER)
    .option(...PARAMETERS_FILE)
    .action((path: string, name: string, flags: InspectFlags) =>
      run(async (context) =>
        (await import('./commands/discover-command.ts')).discoverCommand(path, name, flags, context),
      ),
    );

  factoryCommand(program, 'preview', 'Shows the first rows of a dataset, as a copy would read them.')
    .argument('<dataset>', 'name of the dataset')
    .option('--rows <n>', 'how many (default: 20)', requireWholeNumber)
    .option('--query <soql>', 'what to read in place of the object of the dataset', requireText)
    .option(...PARAMETER)
    .option(...PARAMETERS_FILE)
    .action((path: string, name: string, flags: PreviewFlags) =>
      run(async (context) =>
        (await import('./commands/preview-command.ts')).previewCommand(path, name, flags, context),
      ),
    );

  addAuthoringCommands(program, run);

  command(program, 'emulator', 'Serves an emulated Salesforce org on this machine until Ctrl-C.')
    .option('--port <number>', 'port on 127.0.0.1 (default: a free one)', requirePort)
    .option('--data <file>', 'JSON file that defines objects and rows (default: real sample data)')
    .option('--bench <settings>', 'serve a wide object of made-up rows: rows=500000,seed=1')
    .option('--job-delay <ms>', 'how long a query job runs, in milliseconds', requireWholeNumber)
    .option('--page-rows <rows>', 'rows per result page at most', requireWholeNumber)
    .action((flags: EmulatorFlags) =>
      run(async (context) => (await import('./commands/emulator-command.ts')).emulatorCommand(flags, context)),
    );

  return program;
}

const PARAMETER = ['--parameter <name=value>', 'value of a parameter; may be repeated', collectText] as const;
const PARAMETERS_FILE = [
  '--parameters-file <file>',
  'JSON file with values of parameters by name',
  requireText,
] as const;

const API_VERSION = ['--api-version <version>', 'API version for linked services that name none', requireText] as const;
const VAULT = [
  '--vault <place>',
  'where secrets of vaults are: env, env:PREFIX_, folder:<path>, azure (default)',
  collectText,
] as const;

function command(program: Command, name: keyof typeof COMMAND_HELP, summary: string): Command {
  return program.command(name).description(summary).addHelpText('after', COMMAND_HELP[name]);
}

function factoryCommand(program: Command, name: keyof typeof COMMAND_HELP, summary: string): Command {
  return command(program, name, summary)
    .argument('<factory>', 'folder of the factory, or a deployment template')
    .option('--strict', 'refuse what Data Factory refuses, such as ORDER BY')
    .option(...API_VERSION)
    .option(...VAULT);
}

function collectText(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, requireText(value)];
}

function requireText(value: string): string {
  if (value === '') throw new InvalidArgumentError('It is empty.');
  return value;
}

function requireWholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It is no whole number.');
  return Number(value);
}

const AGE_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** In milliseconds. */
function requireAge(value: string): number {
  const [, count, unit] = /^(\d{1,5})([hdw])$/.exec(value) ?? [];
  if (count === undefined || unit === undefined) {
    throw new InvalidArgumentError('It is no number of hours, days or weeks, such as 12h, 30d or 8w.');
  }
  return Number(count) * AGE_MS[unit]!;
}

function requirePort(value: string): number {
  const port = requireWholeNumber(value);
  if (port > 65_535) throw new InvalidArgumentError('Ports go up to 65535.');
  return port;
}
