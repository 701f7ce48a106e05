import { EVERY_TYPE, type FormatHarness, fieldsOf, FLAT_TYPES, type TestColumn } from '@sluice/testkit';
import { describeFormat } from '@sluice/testkit/vitest';
import { Field, Utf8 } from 'apache-arrow';
import { inject } from 'vitest';

import { json } from '../src/json/json-format.ts';

const seed = inject('seed');
const long = inject('long');
const identity = new Field('row_id', new Utf8(), true);

const NOT_IN_JSON = new Set([
  'float16',
  'binary',
  'large_binary',
  'fixed_binary',
  'date_millisecond',
  'duration',
  'interval_year_month',
  'interval_day_time',
  'interval_month_day_nano',
  'text_view',
  'binary_view',
  'dense_union',
  'sparse_union',
]);
/** Written, and not read as what they were. */
const ONLY_WRITTEN = new Set(['float32', 'large_text', 'dictionary_text']);

function columnOf(field: Field): TestColumn {
  if (field.name !== 'float64') return { field };
  return { field, values: [0, -0, 1.5, 0.1, Number.MAX_VALUE, Number.MIN_VALUE, 1e21, 123_456_789.123_456_79, null] };
}

function harness(layout: 'lines' | 'array'): FormatHarness {
  const fields = fieldsOf(FLAT_TYPES).filter(({ name }) => !NOT_IN_JSON.has(name) && !ONLY_WRITTEN.has(name));
  return {
    kind: 'format',
    name: `json, ${layout}`,
    columns: [identity, ...fields].map(columnOf),
    identity: identity.name,
    refusedFields: EVERY_TYPE.filter(({ name }) => NOT_IN_JSON.has(name)),
    badOptions: [
      {
        what: 'rows without columns',
        mentions: 'columns',
        make: () => json({ rows: '$.lines' }),
      },
    ],
    format: () => json({ layout }),
    ...(layout === 'lines' ? { exceptions: { F10: 'lines that are missing leave no trace' } } : {}),
  };
}

describeFormat(harness('lines'), { seed, long, record: 'conformance/json-lines.json' });
describeFormat(harness('array'), { seed, long, record: 'conformance/json-array.json' });
