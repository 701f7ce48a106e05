import { foldReceipt, type Journal, sqliteJournal, SluiceError } from '@sluice/core';

import { type ConfigDocument, readConfigFile } from '../config/config-file.ts';
import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import type { StateFolder } from '../state/state-folder.ts';
import { StoredConfigs } from '../state/stored-config.ts';
import type { CommandContext } from './command-context.ts';
import { runNotFound } from './run-advice.ts';
import { runCopy, showReceipt } from './run-copy.ts';

/** Goes on with a run by its id; of one that is finished, shows the receipt. */
export async function resumeCommand(id: string, file: string | undefined, context: CommandContext): Promise<ExitCode> {
  const { state, output } = context;
  const journal = sqliteJournal(state.journals);
  const entries = await journal.peek(id);
  if (entries === undefined) throw runNotFound(id, await idsOf(journal), state);
  if (entries.some(({ kind }) => kind === 'ended')) {
    const receipt = foldReceipt(id, entries);
    output.say(`run ${id} has ended before: nothing is copied`);
    showReceipt(receipt, context);
    return EXIT_CODES.done;
  }
  const document = await configOfRun(id, file, state);
  return await runCopy({ id, document, journal, isIdRandom: false, greeting: `run ${id} is resumed` }, context);
}

/** The one given, else the one the run was started with. */
export async function configOfRun(id: string, file: string | undefined, state: StateFolder): Promise<ConfigDocument> {
  if (file !== undefined) return await readConfigFile(file);
  const stored = await new StoredConfigs(state.configurations).load(id);
  if (stored !== undefined) return stored;
  throw new SluiceError(
    'CONFIG_INVALID',
    `the configuration of run ${JSON.stringify(id)} is not kept in ${state.path}`,
    {
      hint: 'Give it behind the id.',
    },
  );
}

export async function idsOf(journal: Journal): Promise<readonly string[]> {
  return (await journal.list()).map(({ id }) => id);
}
