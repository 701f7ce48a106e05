import { sqliteJournal } from '@sluice/core';

import { readConfigFile } from '../config/config-file.ts';
import type { ExitCode } from '../exit-code.ts';
import { newRunId } from '../state/new-run-id.ts';
import type { CommandContext } from './command-context.ts';
import { runCopy } from './run-copy.ts';

export interface CopyFlags {
  readonly id?: string;
  /** False for `--no-journal`. */
  readonly journal: boolean;
}

export async function copyCommand(file: string, flags: CopyFlags, context: CommandContext): Promise<ExitCode> {
  const { output, state } = context;
  const document = await readConfigFile(file);
  const journal = flags.journal ? sqliteJournal(state.journals) : undefined;
  const id = flags.id ?? newRunId(new Date());
  const entries = flags.id === undefined ? undefined : await journal?.peek(id);
  if (entries?.some(({ kind }) => kind === 'ended') === true) {
    output.say(`run ${id} has ended before: nothing is copied`);
  } else {
    output.say(`run ${id}${entries === undefined ? '' : ' is resumed'}`);
  }
  return await runCopy({ id, document, journal, isIdRandom: flags.id === undefined }, context);
}
