import { limitRows, read, type Row, rowReader, type RowValue, type RunOptions, SluiceError } from '@sluice/core';
import { DataType, type Field, type Schema } from 'apache-arrow';

import type { ExpressionObject, ExpressionValue } from '../expression/expression-value.ts';
import { parseJsonText } from '../expression/json-text.ts';
import type { CopyMeter } from './copy-meter.ts';
import { copyMapping } from './mapping/copy-mapping.ts';
import { mappingRequest } from './mapping/request-of-copy.ts';
import { measuredSource } from './measured-source.ts';
import type { OpenedSource } from './open-source.ts';

/** Azure Data Factory, "Lookup activity", read 2026-11. */
const MAX_ROWS = 5000;
const MAX_BYTES = 4_194_304;

export interface LookupProperties {
  readonly source: { readonly type: string; readonly additionalColumns?: unknown };
  readonly firstRowOnly: boolean;
  readonly treatDecimalAsString: boolean;
}

export interface LookupParts {
  readonly meter: CopyMeter;
  readonly run: RunOptions;
  note(code: string, message: string): void;
}

/**
 * The first row, or up to 5,000 rows.
 *
 * @throws `QUOTA_EXCEEDED` for an output of more than 4 MB; `TYPE_UNSUPPORTED` for columns of bytes; what reading throws.
 */
export async function lookUpRows(
  { source, maxConnections }: OpenedSource,
  { source: settings, firstRowOnly, treatDecimalAsString }: LookupProperties,
  { meter, run, note }: LookupParts,
): Promise<ExpressionObject> {
  const mapping = copyMapping(mappingRequest({ source: settings, sink: { type: 'none' } }));
  const wanted = firstRowOnly ? 1 : MAX_ROWS;
  // One more, to tell whether there are more.
  const limited = limitRows(measuredSource(source, meter, { maxConnections }), firstRowOnly ? 1 : MAX_ROWS + 1);
  const values = new LookupValues(treatDecimalAsString);
  const rows: ExpressionObject[] = [];
  let hasMore = false;
  let bytes = 0;
  for await (const batch of read(limited, run)) {
    const { batch: mapped } = mapping.plan(batch.schema).apply(batch);
    refuseBytes(mapped.schema);
    for (const row of rowReader(mapped.schema)(mapped)) {
      if (rows.length === wanted) {
        hasMore = true;
        break;
      }
      const value = values.row(row, mapped.schema);
      bytes += Buffer.byteLength(JSON.stringify(value)) + 1;
      if (bytes > MAX_BYTES) throw tooLarge();
      rows.push(value);
    }
  }
  if (hasMore) note('LOOKUP_TRUNCATED', `There are more than ${MAX_ROWS} rows; the others were left out.`);
  if (values.inexact.size > 0) {
    note(
      'DECIMALS_AS_TEXT',
      `Decimals with too many digits for a JSON number are texts: ${[...values.inexact].join(', ')}.`,
    );
  }
  if (!firstRowOnly) return { count: rows.length, value: rows };
  const [firstRow] = rows;
  return firstRow === undefined ? {} : { firstRow };
}

/** Rows as JSON. */
class LookupValues {
  readonly #decimalsAsText: boolean;
  /** Columns with decimals that no JSON number holds. */
  readonly inexact = new Set<string>();

  constructor(decimalsAsText: boolean) {
    this.#decimalsAsText = decimalsAsText;
  }

  row(row: Row, { fields }: Schema): ExpressionObject {
    return Object.fromEntries(
      fields.map((field) => {
        const value = row[field.name]!;
        return [field.name, isDocument(field) ? documentOf(value) : this.#value(value, field.type, field.name)];
      }),
    );
  }

  #value(value: RowValue, type: DataType, column: string): ExpressionValue {
    if (value === null || typeof value === 'boolean') return value;
    if (Array.isArray(value)) {
      const item = DataType.isList(type) ? type.valueType : type;
      return value.map((of) => this.#value(of, item, column));
    }
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
    // Columns of other kinds were refused.
    if (typeof value !== 'string') return null;
    if (DataType.isDecimal(type)) return this.#decimal(value, column);
    return DataType.isTimestamp(type) ? withMilliseconds(value) : value;
  }

  #decimal(text: string, column: string): ExpressionValue {
    const number = Number(text);
    if (!this.#decimalsAsText && isSameNumber(text, number)) return number;
    if (!this.#decimalsAsText) this.inexact.add(column);
    return text;
  }
}

/** An instant to the millisecond, and beyond it where there are digits that say more. */
function withMilliseconds(instant: string): string {
  return instant.replace(/(?:\.(\d+))?(Z?)$/, (_end, fraction: string | undefined, zone: string) => {
    const digits = (fraction ?? '').replace(/0+$/, '').padEnd(3, '0');
    return `.${digits}${zone}`;
  });
}

/** Whether the text of a column is JSON: its values are those, numbers as JSON has them. */
function isDocument({ metadata }: Field): boolean {
  return metadata.get('ARROW:extension:name') === 'arrow.json';
}

function documentOf(text: RowValue): ExpressionValue {
  return typeof text === 'string' ? (parseJsonText(text) ?? text) : null;
}

/** Whether the number says all that the text does. */
function isSameNumber(text: string, number: number): boolean {
  const shortest = String(number);
  if (shortest.includes('e')) return false;
  const plain = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return plain === shortest || (number === 0 && /^-?0$/.test(plain));
}

function refuseBytes({ fields }: Schema): void {
  const field = fields.find(({ type }) => DataType.isBinary(type));
  if (field === undefined) return;
  throw new SluiceError(
    'TYPE_UNSUPPORTED',
    `column ${JSON.stringify(field.name)} holds bytes, which a lookup cannot give`,
    {
      hint: 'Leave the column out of the query.',
    },
  );
}

function tooLarge(): SluiceError {
  return new SluiceError('QUOTA_EXCEEDED', `the output is larger than ${MAX_BYTES} bytes, the most a lookup can give`, {
    hint: 'Select fewer columns or rows, or look up slices in a pipeline of its own.',
    details: { factoryCode: 'UserErrorComputePluginFailure' },
  });
}
