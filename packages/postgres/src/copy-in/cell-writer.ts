import type { Data } from 'apache-arrow';

import type { ByteWriter } from './byte-writer.ts';

/**
 * Writes the value of a row in the server's binary form, its length ahead; the row is not null. Answers what is wrong with
 * a value that the column cannot hold, without the value; what was written of it is then void.
 */
export type CellWriter = (row: number, out: ByteWriter) => string | undefined;

/** A writer for the values of one batch. */
export type CellWriters = (data: Data) => CellWriter;

export const NULL_LENGTH = -1;
