import type * as z from 'zod';

import { SluiceError } from '../error/sluice-error.ts';
import { checkOptions, optionName, type OptionProblem } from './option-problems.ts';

/**
 * Options of a plugin by its schema, defaults filled in. `where` names the plugin.
 *
 * @throws `CONFIG_INVALID` naming each option that is wrong, what it must be and what it is for, without its value.
 */
export function parseOptions<T>(where: string, schema: z.ZodType<T>, input: unknown): T {
  const checked = checkOptions(schema, input);
  if ('data' in checked) return checked.data;
  const { problems } = checked;
  throw new SluiceError('CONFIG_INVALID', `${where}: ${problems.map(lineOf).join('; ')}`, {
    hint: hintFor(where, problems),
    details: { problems: problems.map(({ path, message }) => ({ path: optionName(path), message })) },
  });
}

function lineOf({ path, message }: OptionProblem): string {
  return path.length === 0 ? `the options: ${message}` : `${optionName(path)} ${message}`;
}

function hintFor(where: string, problems: readonly OptionProblem[]): string {
  const described = problems.flatMap(({ path, description }) =>
    description === undefined ? [] : [`${optionName(path)}: ${description}`],
  );
  return [...new Set([`Correct the options of ${where}.`, ...described])].join('\n');
}
