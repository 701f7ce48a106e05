import { EVERY_TYPE, type FormatHarness, rowsOf, UNION_TYPES } from '@sluice/testkit';
import { describeFormat } from '@sluice/testkit/vitest';
import { Field, tableFromIPC, Utf8 } from 'apache-arrow';
import { inject } from 'vitest';

import { arrowFile } from '../../src/arrow-ipc/arrow-ipc-format.ts';

const seed = inject('seed');
const long = inject('long');
const identity = new Field('row_id', new Utf8(), true);

/** Read back by the types they are written as: a dictionary and a view are encodings. */
const NOT_READ = new Set([...Object.keys(UNION_TYPES), 'dictionary_text', 'text_view', 'binary_view']);

const harness: FormatHarness = {
  kind: 'format',
  name: 'arrow-file',
  columns: [identity, ...EVERY_TYPE].filter(({ name }) => !NOT_READ.has(name)).map((field) => ({ field })),
  identity: identity.name,
  refusedFields: EVERY_TYPE.filter(({ name }) => name in UNION_TYPES),
  badOptions: [{ what: 'a message of no rows', mentions: 'messageRows', make: () => arrowFile({ messageRows: 0 }) }],
  format: () => arrowFile({ messageRows: 25, messageBytes: 65_536 }),
  rows: async (bytes) => tableFromIPC(bytes).batches.flatMap(rowsOf),
};

describeFormat(harness, { seed, long, record: '../conformance/arrow-file.json' });
