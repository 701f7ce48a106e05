import { Field, Int32, Schema, Utf8 } from 'apache-arrow';

import type { SourceCheck } from '../../check/check.ts';
import { type ColumnKind, kindOf } from '../../data/column-kind.ts';
import { namesWithin } from '../../data/odd-names.ts';
import { rowsForAllValues, tableOf } from '../../data/test-table.ts';
import type { Capability } from '../../harness/capability.ts';
import { openFixture, openTable, readAll, requireRows } from './source-run.ts';

function valueCheck(id: string, kind: ColumnKind, need: Capability, title: string, reason: string): SourceCheck {
  return {
    id,
    side: 'source',
    level: 'must',
    title,
    reason,
    needs: [need],
    async run(harness, tools) {
      const { identity } = harness;
      const columns = harness.columns.filter(({ field }) => field.name === identity || kindOf(field.type) === kind);
      const { source, expected } = await openFixture(harness, tools, rowsForAllValues(columns), {
        columns,
        hasLargeValues: true,
      });
      requireRows(expected, await readAll(source(), tools.context()), `${kind} values`);
    },
  };
}

export const textValues = valueCheck(
  'S19',
  'text',
  'textColumns',
  'Text arrives as it is: empty, blank, quoted, with NUL and line ends, of any script and length.',
  'Null markers, trimmed blanks and re-encoded text are damage that nobody notices.',
);

export const numberValues = valueCheck(
  'S20',
  'number',
  'numberColumns',
  'Numbers arrive exactly: integers to 64 bits, decimals to every digit, floats with their special values.',
  'A decimal or a long that passes through a double comes out as another.',
);

export const timeValues = valueCheck(
  'S21',
  'time',
  'timeColumns',
  'Dates, times and instants arrive exactly, from year 1 to 9999 and around every clock change.',
  'A date that becomes an instant moves by a day somewhere.',
);

export const wideSchema: SourceCheck = {
  id: 'S22',
  side: 'source',
  level: 'must',
  title: 'Eight hundred columns, one column, and odd names arrive.',
  reason: 'Objects have hundreds of fields, and names that are no identifiers.',
  needs: ['anySchema'],
  async run(harness, tools) {
    const identity = new Field(harness.identity, new Utf8(), true);
    const nullable = (name: string): Field => new Field(name, new Int32(), true);
    const wide = Array.from({ length: 800 }, (_, i) => nullable(`column_${i}`));
    for (const fields of [[], wide, namesWithin(harness.maxNameBytes).map(nullable)]) {
      const rows = Array.from({ length: 3 }, (_, row) => ({
        [identity.name]: `row ${row}`,
        ...Object.fromEntries(fields.map(({ name }, i) => [name, row * 1000 + i])),
      }));
      const table = tableOf(new Schema([identity, ...fields]), harness.identity, rows);
      const { source, expected } = await openTable(harness, tools, table);
      requireRows(expected, await readAll(source(), tools.context()), `of ${fields.length + 1} columns`);
    }
  },
};
