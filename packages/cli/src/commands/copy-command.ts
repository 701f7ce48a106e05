import { type JournalEntry, sqliteJournal } from '@sluice/core';

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
  const { state } = context;
  const document = await readConfigFile(file);
  const journal = flags.journal ? sqliteJournal(state.journals) : undefined;
  const id = flags.id ?? newRunId(new Date());
  const entries = flags.id === undefined ? undefined : await journal?.peek(id);
  return await runCopy(
    { id, document, journal, isIdRandom: flags.id === undefined, greeting: greetingOf(id, entries) },
    context,
  );
}

function greetingOf(id: string, entries: readonly JournalEntry[] | undefined): string {
  if (entries === undefined) return `run ${id}`;
  return entries.some(({ kind }) => kind === 'ended')
    ? `run ${id} has ended before: nothing is copied`
    : `run ${id} is resumed`;
}
