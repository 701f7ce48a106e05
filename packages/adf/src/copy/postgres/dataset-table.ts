import { SluiceError } from '@sluice/core';

/** As they are called: case matters, no quotes. */
export interface DatasetTable {
  readonly schema: string;
  readonly table: string;
}

export interface TableProperties {
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly tableName?: string | undefined;
}

/** One or two names between dots, each plain or in quotes. */
const TABLE_NAME = /^(?:("(?:[^"]|"")+"|[^".]+)\.)?("(?:[^"]|"")+"|[^".]+)$/;

/**
 * The table a dataset names; undefined where it names none.
 *
 * @throws `CONFIG_INVALID` for a `tableName` that is none.
 */
export function datasetTable(
  { schema, table, tableName }: TableProperties,
  defaultSchema: string,
): DatasetTable | undefined {
  if (!isBlank(table)) return { schema: isBlank(schema) ? defaultSchema : schema, table };
  if (isBlank(tableName)) return undefined;
  const [match, ofSchema, name] = TABLE_NAME.exec(tableName.trim()) ?? [];
  if (match === undefined || name === undefined) {
    throw new SluiceError('CONFIG_INVALID', 'the tableName of the dataset must be a table, or schema.table', {
      hint: 'Put names with dots in double quotes, or give schema and table.',
    });
  }
  return { schema: ofSchema === undefined ? defaultSchema : unquoted(ofSchema), table: unquoted(name) };
}

/** A name as SQL. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function sqlTable({ schema, table }: DatasetTable): string {
  return `${sqlName(schema)}.${sqlName(table)}`;
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.trim();
}

function isBlank(text: string | undefined): text is undefined {
  return text === undefined || text.trim() === '';
}
