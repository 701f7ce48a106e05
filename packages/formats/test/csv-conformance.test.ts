import { EVERY_TYPE, type FormatHarness, type TestColumn } from '@sluice/testkit';
import { describeFormat } from '@sluice/testkit/vitest';
import { Field, Utf8 } from 'apache-arrow';
import { inject } from 'vitest';

import { csv } from '../src/csv/delimited-text.ts';

const identity = new Field('row_id', new Utf8(), true);

const IN_CSV =
  /^(?:bool|u?int\d+|float64|decimal_\w+|date_day|time_\w+|timestamp_\w+|text|large_text|dictionary_text)$/;
/** Written, and not read as what they were. */
const ONLY_WRITTEN = new Set(['large_text', 'dictionary_text']);

function columnOf(field: Field): TestColumn {
  if (field.name !== 'float64') return { field };
  return { field, values: [0, -0, 1.5, 0.1, Number.MAX_VALUE, Number.MIN_VALUE, 1e21, 123_456_789.123_456_79, null] };
}

const fields = EVERY_TYPE.filter(({ name }) => IN_CSV.test(name) && !ONLY_WRITTEN.has(name));

const harness: FormatHarness = {
  kind: 'format',
  name: 'csv',
  columns: [identity, ...fields].map(columnOf),
  identity: identity.name,
  refusedFields: EVERY_TYPE.filter(({ name }) => !IN_CSV.test(name)),
  exceptions: { F10: 'rows that are missing leave no trace, and nor does the end of the last cell' },
  format: () => csv(),
};

describeFormat(harness, { seed: inject('seed'), long: inject('long'), record: 'conformance/csv.json' });
