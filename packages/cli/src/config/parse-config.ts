import { optionName } from '@sluice/core/options';
import type * as z from 'zod';

import type { ConfigDocument } from './config-file.ts';
import { configInvalid, type ConfigProblem } from './config-problem.ts';
import { type Environment, fillInVariables } from './env-variables.ts';
import { parseBySchema } from './schema-problems.ts';
import { SECRET_KEYS } from './secret-config.ts';

/** A configuration by its schema, variables filled in. @throws `CONFIG_INVALID` with every problem and where it is. */
export function parseConfig<T>(schema: z.ZodType<T>, document: ConfigDocument, env: Environment): T {
  const { value, problems: unset } = fillInVariables(document.value, env, SECRET_KEYS);
  const parsed = parseBySchema(schema, value);
  if ('data' in parsed && unset.length === 0) return parsed.data;
  // What a variable without a value leads to is no problem of its own.
  const known = new Set(unset.map(({ path }) => optionName(path)));
  const others = 'data' in parsed ? [] : parsed.problems.filter(({ path }) => !known.has(optionName(path)));
  const problems = [...unset, ...others].map((problem): ConfigProblem => ({
    ...problem,
    place: document.placeOf(problem.path),
  }));
  throw configInvalid(document.name, problems);
}
