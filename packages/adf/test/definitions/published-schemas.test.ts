import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { renderSchema } from '../../src/definition/published-schemas.ts';
import { accountDataset, copyActivity, crm, csvDataset } from './factory-files.ts';

type Kind = Parameters<typeof renderSchema>[0];

const copy = copyActivity('account', 'csv', {
  source: { type: 'SalesforceV2Source', query: { type: 'Expression', value: '@concat()' }, pageSize: '@item()' },
  sink: { type: 'DelimitedTextSink' },
});
const nested = { name: 'E', type: 'ForEach', typeProperties: { items: '@item()', activities: [copy] } };

const FILES: readonly (readonly [Kind, string, unknown, unknown])[] = [
  ['linkedService', 'linked-service', crm, { ...crm, typeProperties: {} }],
  ['dataset', 'dataset', accountDataset, { ...accountDataset, linkedServiceName: 'crm' }],
  ['dataset', 'dataset', csvDataset, { ...csvDataset, type: 'Csv' }],
  ['pipeline', 'pipeline', { activities: [nested] }, { activities: [{ ...nested, typeProperties: { items: 5 } }] }],
  ['pipeline', 'pipeline', { activities: [copy] }, { activities: [{ ...copy, policy: { retry: -1 } }] }],
];

describe('CFG-02 the published JSON schema', () => {
  it.each(FILES)('of a %s (%s.json) takes what is right and refuses what is wrong', (kind, _file, right, wrong) => {
    // Text of our own making, which is a JSON schema.
    const schema = z.fromJSONSchema(JSON.parse(renderSchema(kind)) as z.core.JSONSchema.JSONSchema);

    expect(schema.safeParse({ name: 'x', properties: right }).error).toBeUndefined();
    expect(schema.safeParse({ name: 'x', properties: wrong }).success).toBe(false);
  });

  it.each(FILES)('of a %s is what is in docs/reference/schemas/%s.json', async (kind, file) => {
    const published = await readFile(
      new URL(`../../../../docs/reference/schemas/${file}.json`, import.meta.url),
      'utf8',
    );

    expect(published).toBe(renderSchema(kind));
  });

  it('describes every property that people write', () => {
    expect(renderSchema('pipeline')).toContain('"SOQL. Default: every field of the object, or the report."');
  });
});
