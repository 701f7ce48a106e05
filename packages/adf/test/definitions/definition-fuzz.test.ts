import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { readFactory } from '../../src/load/read-factory.ts';
import {
  accountDataset,
  copyActivity,
  crm,
  csvDataset,
  disk,
  factoryFiles,
  reference,
  textFile,
} from './factory-files.ts';

const copy = copyActivity('account', 'csv', {
  source: {
    type: 'SalesforceV2Source',
    query: 'SELECT Id FROM @{pipeline().parameters.o}',
    additionalColumns: [{ name: 'a', value: '$$COLUMN:Id' }],
  },
  sink: { type: 'DelimitedTextSink', formatSettings: { type: 'DelimitedTextWriteSettings', fileExtension: '.csv' } },
  translator: {
    type: 'TabularTranslator',
    mappings: [{ source: { name: 'Id' }, sink: { name: 'Id' } }],
    columnMappings: 'a: b',
  },
});
const WHOLE = {
  linkedServices: { crm, disk },
  datasets: { account: accountDataset, csv: csvDataset },
  pipelines: {
    load: {
      parameters: { o: { type: 'String', defaultValue: 'Account' } },
      variables: { v: { type: 'String' } },
      activities: [
        { name: 'E', type: 'ForEach', typeProperties: { items: '@createArray(1)', activities: [copy] } },
        {
          name: 'S',
          type: 'SetVariable',
          dependsOn: [{ activity: 'E' }],
          typeProperties: { variableName: 'v', value: '@item()' },
        },
        { name: 'C', type: 'Switch', typeProperties: { on: '@string(1)', cases: [{ value: 'a', activities: [] }] } },
        { name: 'R', type: 'ExecutePipeline', typeProperties: { pipeline: reference('load', 'PipelineReference') } },
      ],
    },
  },
};

const value = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    1e300,
    '',
    '@',
    '@{',
    "@item()'",
    [],
    {},
    [null],
    { type: 'Expression' },
    { type: 'SecureString', value: 7 },
  ),
  fc.json({ maxDepth: 2 }).map((text): unknown => JSON.parse(text)),
);

/** Puts something else in place of one of the values of a JSON text, the one that comes at that place. */
function withChange(text: string, at: number, changed: unknown): string {
  const places = JSON.stringify(JSON.parse(text)).split(/[:,[]/).length;
  let place = 0;
  return JSON.stringify(JSON.parse(text), (_key, member: unknown) => {
    place += 1;
    // The first is the whole, which stays.
    return place === 2 + (at % places) ? changed : member;
  });
}

describe('readFactory', () => {
  it('says what is wrong with anything, never fails, and never shows a secret', () => {
    const files = factoryFiles(WHOLE).map(({ path, bytes }) => ({ path, text: new TextDecoder().decode(bytes) }));
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(), value), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(changes, fc.boolean(), (some, strict) => {
        const changed = files.map((file) => ({ ...file }));
        for (const [file, at, what] of some) {
          const target = changed[file % changed.length]!;
          target.text = withChange(target.text, at, what);
        }

        const read = readFactory(
          changed.map(({ path, text }) => textFile(path, text)),
          { strict },
        );

        expect(JSON.stringify(read.problems)).not.toContain('hush-hush');
        for (const { line, column, message } of read.problems) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
          expect(message).not.toBe('');
        }
      }),
      { seed: inject('seed'), numRuns: 400 },
    );
  });
});
