import { nearestName, SluiceError } from '@sluice/core';

import type { ConfigDocument } from '../config/config-file.ts';
import { variablesOf } from '../config/env-variables.ts';
import type { StateFolder } from '../state/state-folder.ts';

/** How to go on with a run that is kept, or give it up. */
export function keptRunLines(id: string, state: StateFolder): readonly string[] {
  return [`  to go on:   ${commandLine('resume', id, state)}`, `  to give up: ${commandLine('abandon', id, state)}`];
}

export interface ConfigOfRun {
  /** The one the run was started with, where it is known. */
  readonly stored: ConfigDocument | undefined;
  readonly used: ConfigDocument;
}

/** Why the configuration is not the one the run was started with, as far as that can be told. */
export function mismatchLines(id: string, { stored, used }: ConfigOfRun, state: StateFolder): readonly string[] {
  if (stored === undefined) return [];
  if (JSON.stringify(stored.value) !== JSON.stringify(used.value)) {
    return [
      `  ${used.name} says something else than ${stored.path} did when the run was started.`,
      `  to go on with what it said then: ${commandLine('resume', id, state)}`,
    ];
  }
  const variables = variablesOf(used.value);
  if (variables.length === 0) return [];
  return [`  Give the environment variables the values they had: ${variables.join(', ')}.`];
}

export function runNotFound(id: string, ids: readonly string[], state: StateFolder): SluiceError {
  const nearest = nearestName(id, ids);
  return new SluiceError('RUN_NOT_FOUND', `there is no run ${JSON.stringify(id)} in ${state.path}`, {
    hint:
      nearest === undefined
        ? 'List the runs there are with sluice runs, or name the folder they are in with --state.'
        : `Did you mean ${nearest}?`,
  });
}

function commandLine(command: string, id: string, { path, isGiven }: StateFolder): string {
  return ['sluice', command, quoted(id), ...(isGiven ? ['--state', quoted(path)] : [])].join(' ');
}

function quoted(argument: string): string {
  return /^[\w./:@%+-]+$/.test(argument) && !argument.startsWith('-')
    ? argument
    : `'${argument.replaceAll("'", `'\\''`)}'`;
}
