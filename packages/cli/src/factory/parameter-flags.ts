import { readFile } from 'node:fs/promises';

import { SluiceError } from '@sluice/core';

import { fileReason } from '../config/file-reason.ts';

/** Values of parameters by name: texts as given, or whatever a file holds. */
export type ParameterFlags = Readonly<Record<string, unknown>>;

/**
 * Those of the file, and over them those of the command line.
 *
 * @throws `CONFIG_INVALID` for a file that is no object, and a parameter without a name.
 */
export async function readParameters(
  assignments: readonly string[] = [],
  file: string | undefined,
): Promise<ParameterFlags> {
  const fromFile = file === undefined ? {} : await readParameterFile(file);
  return { ...fromFile, ...Object.fromEntries(assignments.map(assignment)) };
}

function assignment(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw new SluiceError('CONFIG_INVALID', '--parameter must be name=value', {
    hint: 'Quote it where it holds blanks.',
  });
}

async function readParameterFile(file: string): Promise<ParameterFlags> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new SluiceError('CONFIG_INVALID', `the parameters file ${file} cannot be read${fileReason(cause)}`, {
      cause,
      hint: 'Check the path and that this process may read it.',
    });
  }
  const parameters = parsed(text);
  if (typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters)) return { ...parameters };
  throw new SluiceError('CONFIG_INVALID', `the parameters file ${file} holds no JSON object`, {
    hint: 'Write { "name": value, … }.',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
