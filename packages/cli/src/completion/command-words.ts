import type { Command } from 'commander';

/** What may follow a command on the command line. */
export interface CommandWords {
  /** Words from the program's name on: `new dataset`; empty for the program itself. */
  readonly path: string;
  readonly summary: string;
  readonly commands: readonly NamedText[];
  readonly options: readonly OptionWords[];
  /** What its next argument must be one of; empty where it is anything. */
  readonly choices: readonly string[];
}

export interface NamedText {
  readonly name: string;
  readonly summary: string;
}

export interface OptionWords extends NamedText {
  /** Whether a value follows. */
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** Every command of a program, itself first, with the options that all of them take. */
export function commandWords(program: Command): readonly CommandWords[] {
  const shared = optionWords(program).filter(({ name }) => name !== '--version');
  return [
    wordsOf(program, '', []),
    ...program.commands.flatMap((command) => [
      wordsOf(command, command.name(), shared),
      ...command.commands.map((inner) => wordsOf(inner, `${command.name()} ${inner.name()}`, shared)),
    ]),
    // Commander makes it when it is asked for.
    helpWords(program, shared),
  ];
}

function wordsOf(command: Command, path: string, shared: readonly OptionWords[]): CommandWords {
  const commands = command.commands.map((inner) => ({ name: inner.name(), summary: inner.description() }));
  const own = path === '' ? optionWords(command) : [...optionWords(command), ...shared];
  return {
    path,
    summary: command.description(),
    commands: path === '' ? [...commands, { name: 'help', summary: HELP_SUMMARY }] : commands,
    options: own,
    choices: command.registeredArguments[0]?.argChoices ?? [],
  };
}

const HELP_SUMMARY = 'Shows the help of a command.';

function helpWords(program: Command, options: readonly OptionWords[]): CommandWords {
  const choices = program.commands.map((command) => command.name());
  return { path: 'help', summary: HELP_SUMMARY, commands: [], options, choices };
}

function optionWords(command: Command): readonly OptionWords[] {
  const visible = command.createHelp().visibleOptions(command);
  return visible.flatMap(({ long, description, required, optional, argChoices }) =>
    long === undefined || long === null
      ? []
      : [{ name: long, summary: description, takesValue: required || optional, choices: argChoices ?? [] }],
  );
}
