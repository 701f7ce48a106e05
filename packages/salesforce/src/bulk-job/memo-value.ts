import { SluiceError, type Json, type Memo } from '@sluice/core';
import type * as z from 'zod';

/** What was remembered under a key; null stands for nothing. @throws `POSITION_UNSUPPORTED` for another version's. */
export function memoValue<T>(memo: Memo, key: string, schema: z.ZodType<T>): T | undefined {
  const value: Json | undefined = memo.get(key);
  if (value === undefined || value === null) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SluiceError('POSITION_UNSUPPORTED', `the journal holds a ${key} this version cannot read`, {
    hint: 'Resume with the version that began the run.',
  });
}
