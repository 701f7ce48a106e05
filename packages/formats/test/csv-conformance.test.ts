import type { Row } from '@sluice/core';
import { EVERY_TYPE, type FormatHarness } from '@sluice/testkit';
import { describeFormat } from '@sluice/testkit/vitest';
import { Field, Utf8 } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import { inject } from 'vitest';

import { csv } from '../src/csv/delimited-text.ts';

const identity = new Field('row_id', new Utf8(), true);
const texts = [identity, new Field('text', new Utf8(), true), new Field('more text', new Utf8(), true)];

/** The rows as csv-parse reads them: an empty cell without quotes is null. */
function parsedRows(bytes: Uint8Array): readonly Row[] {
  const cast = (value: string, { quoting }: { readonly quoting: boolean }): string | null =>
    value === '' && !quoting ? null : value;
  const [names, ...rows] = parse(Buffer.from(bytes), { cast }) as (string | null)[][];
  return rows.map((cells) => Object.fromEntries(cells.map((cell, i) => [names?.[i] ?? '', cell])));
}

const harness: FormatHarness = {
  kind: 'format',
  name: 'csv',
  columns: texts.map((field) => ({ field })),
  identity: identity.name,
  refusedFields: EVERY_TYPE.filter(({ name }) => name !== 'text'),
  exceptions: { F10: 'rows that are missing leave no trace, and nor does the end of the last cell' },
  format: () => csv(),
  rows: async (bytes) => parsedRows(bytes),
};

describeFormat(harness, { seed: inject('seed'), long: inject('long'), record: 'conformance/csv.json' });
