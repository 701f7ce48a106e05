import { EVERY_TYPE, type FormatHarness, UNION_TYPES } from '@sluice/testkit';
import { describeFormat } from '@sluice/testkit/vitest';
import { Field, Utf8 } from 'apache-arrow';
import { inject } from 'vitest';

import { arrowIpc } from '../src/arrow-ipc/arrow-ipc-format.ts';
import { compressed, type CompressionCodec } from '../src/compressed/compressed-format.ts';
import { json } from '../src/json/json-format.ts';
import { parquet } from '../src/parquet/parquet-format.ts';

const seed = inject('seed');
const long = inject('long');
const identity = new Field('row_id', new Utf8(), true);

const badOptions: FormatHarness['badOptions'] = [
  { what: 'a level out of range', mentions: 'level', make: () => compressed(json(), { level: 0 }) },
  { what: 'a format that compresses by itself', mentions: 'parquet', make: () => compressed(parquet()) },
  {
    what: 'a codec that is none',
    mentions: 'bzip2',
    make: () => compressed(json(), { codec: 'bzip2' as CompressionCodec }),
  },
];

const gzipHarness: FormatHarness = {
  kind: 'format',
  name: 'gzip arrow',
  columns: [
    { field: identity },
    ...EVERY_TYPE.filter(({ name }) => /^(?:text|int64|decimal_38_18|list)$/.test(name)).map((field) => ({ field })),
  ],
  identity: identity.name,
  refusedFields: EVERY_TYPE.filter(({ name }) => name in UNION_TYPES),
  badOptions,
  format: () => compressed(arrowIpc({ messageRows: 25, messageBytes: 65_536 })),
};

const deflateHarness: FormatHarness = {
  kind: 'format',
  name: 'deflate json',
  columns: [{ field: identity }, { field: new Field('text', new Utf8(), true) }],
  identity: identity.name,
  format: () => compressed(json({ layout: 'array' }), { codec: 'deflate', level: 1 }),
};

describeFormat(gzipHarness, { seed, long, record: 'conformance/gzip-arrow.json' });
describeFormat(deflateHarness, { seed, long, record: 'conformance/deflate-json.json' });
