import { SluiceError } from '@sluice/core';

/** The server cuts longer names off in silence. */
const MAX_NAME_BYTES = 63;

export interface TableName {
  readonly schema: string;
  readonly table: string;
}

/** An identifier as SQL text, whatever it holds. @throws `CONFIG_INVALID` for a name the server cannot have. */
export function quoteName(name: string, what = 'a name'): string {
  const problem = problemOf(name);
  if (problem !== undefined) {
    throw new SluiceError('CONFIG_INVALID', `PostgreSQL: ${what} ${problem}`, { hint: 'Give another name.' });
  }
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteTable({ schema, table }: TableName): string {
  return `${quoteName(schema, 'the schema')}.${quoteName(table, 'the table')}`;
}

/** A text as an SQL literal, whatever `standard_conforming_strings` is. */
export function quoteText(text: string): string {
  const quoted = text.replaceAll("'", "''");
  return quoted.includes('\\') ? ` E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
}

function problemOf(name: string): string | undefined {
  if (name === '') return 'must not be empty';
  if (name.includes('\0')) return 'must not hold a NUL character';
  const bytes = Buffer.byteLength(name);
  return bytes > MAX_NAME_BYTES ? `has ${bytes} bytes, and the server keeps ${MAX_NAME_BYTES}` : undefined;
}
