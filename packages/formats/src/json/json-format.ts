import { type DecodeOptions, type Delivery, type Format, type RowPlace, SluiceError } from '@sluice/core';
import type { ExcessDigits } from '@sluice/core/decimal';
import { Field, Schema, Utf8 } from 'apache-arrow';

import { restOf } from '../text/chunk-replay.ts';
import { EncodedText, encodingName } from '../text/text-encoding.ts';
import { readHead } from './json-columns.ts';
import { JsonDecoder } from './json-decoder.ts';
import { CHUNK_BYTES, jsonEncoding } from './json-encoding.ts';
import { EXTENSION_KEY, JSON_EXTENSION } from './json-value-writer.ts';
import { columnPath, jsonRowPlan } from './row-plan.ts';

export interface JsonFormatOptions {
  /**
   * How files are written: an object on each line, or one array of objects. Reading tells by itself, but for an empty
   * file, which is no array. Default `lines`.
   */
  readonly layout?: 'lines' | 'array';
  /**
   * Where in a row each column is, such as `$['owner']['name']`. Reading, these are all columns; with `rows`, a path that
   * does not begin with `$` begins at the element. Writing, a column that is not among them has a member of its name.
   * Default: the members of the rows, under their names.
   */
  readonly columns?: Readonly<Record<string, string>>;
  /** Reading: path of an array within each object; each element is a row then, the object around it is repeated. */
  readonly rows?: string;
  /**
   * Reading: `text` is what a string says, and any other value as it is written; `json` is every value as it is written,
   * strings in quotes, in columns marked as the extension type `arrow.json`. Those are written as they are, either way.
   * Default `text`.
   */
  readonly values?: 'text' | 'json';
  /** Reading: every line is one row, so that big files can be split and damaged lines be rejected. Default false. */
  readonly rowPerLine?: boolean;
  /** Reading, with `rowPerLine`: whether a line that is no row ends it all, or is a rejected row. Default `fail`. */
  readonly malformedRows?: 'fail' | 'reject';
  /** Reading: as `TextDecoder` knows it; a byte order mark comes before it. Default UTF-8. */
  readonly encoding?: string;
  /** Reading: what becomes of fraction digits beyond a decimal's scale. Default `round`, counted in `changes`. */
  readonly excessDigits?: ExcessDigits;
  /** Reading: a longer row is taken for damage; bounds memory. Default 64 MiB. */
  readonly maxRowBytes?: number;
}

const DEFAULT_MAX_ROW_BYTES = 64 * 1_048_576;
const MAX_BYTES = 0x1fff_ffff;
const LF = 0x0a;

/**
 * JSON (RFC 8259, https://www.rfc-editor.org/rfc/rfc8259): objects on lines (https://jsonlines.org), one after the
 * other in any layout, a single one, or an array of them.
 *
 * Reading: a column of text is what a string says, and any other value as it is written in the file: numbers with every
 * digit, objects and arrays as JSON. Where a schema is asked for, its types are read from the same text as cells of CSV
 * are, so that a number may stand in quotes; no number passes through a JavaScript number. A member that is missing or
 * null is null; of a member that comes twice the last counts; half a surrogate pair becomes U+FFFD. Without `columns`,
 * the columns are the members of the rows in the first mebibyte, all of them text, and a row with another member is
 * rejected.
 *
 * Writing: numbers in plain notation to their last digit, dates, instants and times as text in ISO 8601, lists as
 * arrays, structs and maps with keys of text as objects, columns marked as `arrow.json` as what they are, nulls as null.
 *
 * A decoder holds one batch, a window of 128 KiB and four times the longest row; an encoder one batch as JSON.
 *
 * @throws `CONFIG_INVALID` for options that make no sense; from `encode` `TYPE_UNSUPPORTED` naming the column, and
 * `VALUE_INVALID` for a float that is no number; from `decode` `ROW_MALFORMED` with row, line and byte,
 * `FILE_CORRUPT` where a file ends within a row or its array, `TYPE_UNSUPPORTED`.
 *
 * @example
 * const lines = json({ columns: { id: "$['id']", owner: "$['owner']['name']" } });
 */
export function json(options: JsonFormatOptions = {}): Format {
  const {
    layout = 'lines',
    values = 'text',
    columns,
    rows,
    rowPerLine = false,
    malformedRows = 'fail',
    excessDigits = 'round',
  } = options;
  const maxRowBytes = options.maxRowBytes ?? DEFAULT_MAX_ROW_BYTES;
  const encoding = encodingName('json', options.encoding);
  requireOptions(options, maxRowBytes);
  const planFor = (names: readonly string[], otherColumns: DecodeOptions['otherColumns']) => {
    const refusesOthers = otherColumns !== 'skip' && columns === undefined && rows === undefined;
    return jsonRowPlan({
      columns: names.map((name) => columnPath(name, columns?.[name])),
      rows,
      rowPerLine,
      isArray: layout === 'array',
      quotesStrings: values === 'json',
      ...(refusesOthers ? { otherMember: () => true } : {}),
    });
  };
  // Wrong paths are found now, not in the middle of a run.
  planFor(Object.keys(columns ?? {}), 'skip');

  async function headOf(chunks: AsyncIterator<Uint8Array>) {
    const head =
      columns === undefined
        ? await readHead(chunks, rowPerLine, maxRowBytes)
        : { names: Object.keys(columns), chunks: [] };
    const metadata = values === 'json' ? new Map([[EXTENSION_KEY, JSON_EXTENSION]]) : undefined;
    const fields = head.names.map((name) => new Field(name, new Utf8(), true, metadata));
    return { schema: new Schema(fields), chunks: head.chunks };
  }

  async function* decode(
    input: AsyncIterable<Uint8Array>,
    { schema, otherColumns, batch, from, signal }: DecodeOptions,
  ): AsyncGenerator<Delivery<RowPlace>, void, undefined> {
    const text = new EncodedText(input, encoding);
    await using chunks = restOf(text.utf8());
    const head = schema === undefined ? await headOf(chunks.iterator) : { schema, chunks: [] };
    const names = head.schema.fields.map(({ name }) => name);
    const decoder = new JsonDecoder({
      schema: head.schema,
      plan: planFor(names, otherColumns),
      batch,
      excessDigits,
      rejectsMalformed: malformedRows === 'reject',
      maxRowBytes,
      hasOffsets: () => rows === undefined && text.isUtf8,
      ...(from === undefined ? {} : { from }),
    });
    for await (const chunk of chunks.behind(head.chunks)) {
      signal.throwIfAborted();
      for (const delivery of decoder.write(chunk)) {
        yield delivery;
        signal.throwIfAborted();
      }
    }
    yield* decoder.end();
  }

  return {
    contractVersion: 1,
    name: 'json',
    extension: layout === 'lines' ? '.jsonl' : '.json',
    config: {
      layout,
      values,
      columns: columns === undefined ? null : { ...columns },
      rows: rows ?? null,
      rowPerLine,
      malformedRows,
      encoding,
      excessDigits,
      maxRowBytes,
    },
    bufferBytes: CHUNK_BYTES,
    encode: (schema) => jsonEncoding(schema, layout, columns ?? {}),
    async schema(input) {
      await using chunks = restOf(new EncodedText(input, encoding).utf8());
      return (await headOf(chunks.iterator)).schema;
    },
    decode,
    ...(rowPerLine && rows === undefined && encoding === 'utf-8'
      ? { ranges: { rowEndByte: LF, first: (input) => firstPlace(input, encoding) } }
      : {}),
  };
}

/** No offset where another encoding has been found. */
async function firstPlace(input: AsyncIterable<Uint8Array>, encoding: string): Promise<RowPlace> {
  const text = new EncodedText(input, encoding);
  await using chunks = restOf(text.utf8());
  await chunks.iterator.next();
  return { row: 0, ...(text.isUtf8 ? { byteOffset: 0 } : {}) };
}

function requireOptions({ columns, rows, rowPerLine, malformedRows }: JsonFormatOptions, maxRowBytes: number): void {
  if (!Number.isSafeInteger(maxRowBytes) || maxRowBytes < 1 || maxRowBytes > MAX_BYTES) {
    throw invalid(`maxRowBytes must be a whole number from 1 to ${MAX_BYTES}`);
  }
  if (rows !== undefined && columns === undefined)
    throw invalid('rows needs columns: say what to take of each element');
  if (columns !== undefined && Object.keys(columns).length === 0) throw invalid('columns names none');
  if (malformedRows === 'reject' && rowPerLine !== true) {
    throw invalid('malformedRows needs rowPerLine: nothing else tells where the next row begins');
  }
}

function invalid(problem: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `json: ${problem}`, { hint: 'Correct the options of the JSON format.' });
}
