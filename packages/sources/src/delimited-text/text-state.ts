import { type Json, SluiceError } from '@sluice/core';
import * as z from 'zod';

const textState = z.object({
  v: z.literal(1),
  files: z.array(z.object({ path: z.string(), byteLength: z.int().min(0), modifiedMs: z.number() })),
  columns: z.array(z.string()),
});

const textSplit = z.object({ v: z.literal(1), file: z.int().min(0) });
/** Rows of the file before the position, rejected ones included. */
const textPosition = z.object({ v: z.literal(1), row: z.int().min(0) });

export type TextState = {
  readonly v: 1;
  readonly files: readonly { readonly path: string; readonly byteLength: number; readonly modifiedMs: number }[];
  readonly columns: readonly string[];
};
export type TextSplit = Readonly<z.output<typeof textSplit>>;
export type TextPosition = Readonly<z.output<typeof textPosition>>;

export const parseState = (value: Json): TextState => parsed('plan', textState, value);
export const parseSplit = (value: Json): TextSplit => parsed('split', textSplit, value);
export const parsePosition = (value: Json): TextPosition => parsed('position', textPosition, value);

function parsed<T>(what: string, schema: z.ZodType<T>, value: Json): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new SluiceError('POSITION_UNSUPPORTED', `this version cannot read the ${what} of text files`, {
    hint: 'Resume with the version that began the run.',
  });
}
