import type { Command } from 'commander';

import { bashCompletion } from '../completion/bash-completion.ts';
import { commandWords } from '../completion/command-words.ts';
import { fishCompletion } from '../completion/fish-completion.ts';
import type { Shell } from '../completion/shells.ts';
import { zshCompletion } from '../completion/zsh-completion.ts';
import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import type { CommandContext } from './command-context.ts';

const SCRIPTS: Readonly<Record<Shell, typeof bashCompletion>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** The script that makes a shell complete every command and option of the program. */
export async function completionCommand(shell: Shell, program: Command, { output }: CommandContext): Promise<ExitCode> {
  const script = SCRIPTS[shell](commandWords(program));
  output.result([script.trimEnd()], { shell, script });
  return EXIT_CODES.done;
}
