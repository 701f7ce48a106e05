import { checkOptions } from '@sluice/core/options';
import type * as z from 'zod';

import type { ConfigProblem } from './config-problem.ts';
import { isLiteralSecret, SECRET_HINT } from './secret-config.ts';

export type Parsed<T> = { readonly data: T } | { readonly problems: readonly ConfigProblem[] };

/** Parses by a schema; what is wrong is told in words of a configuration, without its values. */
export function parseBySchema<T>(schema: z.ZodType<T>, value: unknown): Parsed<T> {
  const checked = checkOptions(schema, value);
  if ('data' in checked) return checked;
  return {
    problems: checked.problems.map(({ path, message }) => ({
      path,
      message,
      hint: isLiteralSecret(message) ? SECRET_HINT : undefined,
    })),
  };
}
