import { sameSchema } from '@sluice/core';

import { ensure, fail } from '../../check/check-failure.ts';
import type { SourceCheck } from '../../check/check.ts';
import { openFixture, planSource, readAll, readSplit, requireRows } from './source-run.ts';

export const schemaFirst: SourceCheck = {
  id: 'S1',
  side: 'source',
  level: 'must',
  title: 'The plan has the schema, and every batch has exactly that one.',
  reason: 'A sink opens its target before the first row; a later surprise has nowhere to go.',
  needs: [],
  async run(harness, tools) {
    const { source, table } = await openFixture(harness, tools, 40);
    const test = tools.context({ batch: { rows: 7 } });
    const reader = source();
    const { plan, schema, splits } = await planSource(reader, test);

    const names = new Set(schema.fields.map(({ name }) => name));
    for (const { name } of table.schema.fields) {
      ensure(names.has(name), `the planned schema lacks column "${name}"`);
    }
    const required = schema.fields.filter(({ nullable }) => !nullable).map(({ name }) => name);
    ensure(
      required.length <= 1,
      `columns ${required.join(', ')} are not nullable, and only the key of the root object may be`,
    );
    for (const split of splits) {
      for (const { batch } of await readSplit(reader, plan, split, test)) {
        const other = sameSchema(schema, batch.schema);
        if (other !== undefined) fail(`a batch does not have the planned schema: ${other}`);
      }
    }
  },
};

export const emptyResult: SourceCheck = {
  id: 'S2',
  side: 'source',
  level: 'must',
  title: 'Without a row, reading ends without one, and the schema is known all the same.',
  reason: 'An empty result is a result; a target still gets its columns.',
  needs: [],
  async run(harness, tools) {
    const { source, expected } = await openFixture(harness, tools, 0);
    const reader = source();
    const { schema } = await reader.plan(tools.context().ctx);
    ensure(schema.fields.length > 0, 'the planned schema of an empty result has no columns');
    requireRows(expected, await readAll(source(), tools.context()), 'of an empty result');
  },
};
