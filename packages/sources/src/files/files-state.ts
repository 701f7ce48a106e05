import { type FileSplit, type Json, type RowPlace, SluiceError } from '@sluice/core';
import * as z from 'zod';

const json = z.json();
const plannedFile = z.object({ path: z.string(), byteLength: z.int().min(0), modifiedMs: z.number() });

const filesPlan = z.object({
  v: z.literal(1),
  files: z.array(plannedFile),
  /** What is read of each file, and what becomes of it: with the columns that say where a row is from. */
  fileSchema: z.string(),
  schema: z.string(),
  /** Whether files may have other columns, which are passed over. */
  skipsOthers: z.boolean(),
});

const place = z.object({ row: z.int().min(0), byteOffset: z.int().min(0).optional() }).catchall(json);
const fileSplit = z.object({ rows: z.int().min(0), bytes: z.int().min(0) }).catchall(json);

const filesSplit = z.object({
  v: z.literal(1),
  file: z.int().min(0),
  /** Of the file's splits, from 0. */
  part: z.int().min(0),
  /** The rows that begin from `first` on, or behind `from`, and ahead of `to`. */
  range: z.object({ first: place, from: z.int().min(0), to: z.int().min(0) }).optional(),
  /** Runs of rows of a file with a footer. */
  runs: z.array(fileSplit).optional(),
});

const filesPosition = z.object({ v: z.literal(1), place });

export interface PlannedFile {
  readonly path: string;
  readonly byteLength: number;
  readonly modifiedMs: number;
}

export type FilesPlan = {
  readonly v: 1;
  readonly files: readonly { readonly path: string; readonly byteLength: number; readonly modifiedMs: number }[];
  readonly fileSchema: string;
  readonly schema: string;
  readonly skipsOthers: boolean;
};
export type RangeSplit = { readonly first: RowPlace; readonly from: number; readonly to: number };
export type FilesSplit = {
  readonly v: 1;
  readonly file: number;
  readonly part: number;
  readonly range?: RangeSplit;
  readonly runs?: readonly FileSplit[];
};
export type FilesPosition = { readonly v: 1; readonly place: RowPlace };

export const parsePlan = (value: Json): FilesPlan => parsed('plan', filesPlan, value);
// What zod makes of absent members is what the types say of them.
export const parseSplit = (value: Json): FilesSplit => parsed('split', filesSplit, value) as FilesSplit;
export const parsePosition = (value: Json): FilesPosition => parsed('position', filesPosition, value) as FilesPosition;

function parsed<T>(what: string, schema: z.ZodType<T>, value: Json): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new SluiceError('POSITION_UNSUPPORTED', `this version cannot read the ${what} of files`, {
    hint: 'Resume with the version that began the run.',
  });
}
