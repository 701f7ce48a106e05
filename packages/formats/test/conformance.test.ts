import { EVERY_TYPE, type FormatHarness, UNION_TYPES } from '@sluice/testkit';
import { describeFormat } from '@sluice/testkit/vitest';
import { type Field, Utf8, Field as ArrowField } from 'apache-arrow';
import { inject } from 'vitest';

import { arrowIpc } from '../src/arrow-ipc/arrow-ipc-format.ts';
import { parquet } from '../src/parquet/parquet-format.ts';
import { parquetRows } from './parquet/parquet-cells.ts';

const seed = inject('seed');
const long = inject('long');
const identity = new ArrowField('row_id', new Utf8(), true);

/** Types that a Parquet file has no place for. */
const NOT_IN_PARQUET = new Set([
  'null',
  'float16',
  'decimal_256',
  'duration',
  'interval_year_month',
  'interval_day_time',
  'interval_month_day_nano',
  'text_view',
  'binary_view',
  'list',
  'large_list',
  'fixed_list',
  'struct',
  'map',
  ...Object.keys(UNION_TYPES),
]);

/** What a Parquet file holds as microseconds, days and plain text, and gives back as such. */
const STORED_OTHERWISE = [
  'time_second',
  'time_millisecond',
  'time_nanosecond',
  'timestamp_second',
  'timestamp_millisecond',
  'timestamp_local',
  'timestamp_nanosecond',
  'date_millisecond',
  'dictionary_text',
];

/** Finer instants and times are taken where nothing is lost. */
const WHOLE_MICROSECONDS: Readonly<Record<string, readonly string[]>> = {
  timestamp_nanosecond: ['1970-01-01T00:00:00.000001000Z', '2024-02-29T12:30:45.999999000Z'],
  time_nanosecond: ['00:00:00.000000000', '23:59:59.999999000'],
  // A date is what is stored, so that the time of day has to be midnight.
  date_millisecond: ['1970-01-01T00:00:00.000', '9999-12-31T00:00:00.000', '0001-01-01T00:00:00.000'],
};

function columnsWithout(refused: ReadonlySet<string>, values: Readonly<Record<string, readonly string[]>> = {}) {
  const fields = [identity, ...EVERY_TYPE].filter(({ name }) => !refused.has(name));
  return fields.map((field) => {
    const own = values[field.name];
    return own === undefined ? { field } : { field, values: own };
  });
}

function fieldsIn(names: ReadonlySet<string>): readonly Field[] {
  return EVERY_TYPE.filter(({ name }) => names.has(name));
}

const parquetHarness: FormatHarness = {
  kind: 'format',
  name: 'parquet',
  columns: columnsWithout(NOT_IN_PARQUET, WHOLE_MICROSECONDS),
  readColumns: columnsWithout(new Set([...NOT_IN_PARQUET, ...STORED_OTHERWISE])),
  identity: identity.name,
  refusedFields: fieldsIn(NOT_IN_PARQUET),
  badOptions: [{ what: 'a row group of no rows', mentions: 'rowGroupRows', make: () => parquet({ rowGroupRows: 0 }) }],
  format: () => parquet({ rowGroupRows: 25, rowGroupBytes: 65_536 }),
  rows: parquetRows,
};

const NOT_IN_ARROW = new Set(Object.keys(UNION_TYPES));

const arrowHarness: FormatHarness = {
  kind: 'format',
  name: 'arrow',
  // Read back by the types they are written as: a dictionary and a view are encodings.
  columns: columnsWithout(new Set([...NOT_IN_ARROW, 'dictionary_text', 'text_view', 'binary_view'])),
  identity: identity.name,
  refusedFields: fieldsIn(NOT_IN_ARROW),
  badOptions: [{ what: 'a message of no rows', mentions: 'messageRows', make: () => arrowIpc({ messageRows: 0 }) }],
  format: () => arrowIpc({ messageRows: 25, messageBytes: 65_536 }),
};

describeFormat(parquetHarness, { seed, long, record: 'conformance/parquet.json' });
describeFormat(arrowHarness, { seed, long, record: 'conformance/arrow.json' });
