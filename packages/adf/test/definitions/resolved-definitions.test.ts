import { Secret } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';

import { copyProperties } from '../../src/definition/copy/copy-properties.ts';
import { salesforceSource } from '../../src/definition/copy/copy-source.ts';
import { evaluateJson } from '../../src/expression/expression-json.ts';
import type { ExpressionValue } from '../../src/expression/expression-value.ts';
import { checkEvaluated } from '../../src/resolve/check-evaluated.ts';

/** What is left of an authored part once its expressions are evaluated with these parameters. */
function evaluated<Schema extends z.ZodType>(
  schema: Schema,
  authored: unknown,
  parameters: Readonly<Record<string, ExpressionValue>>,
  path = '',
): ReturnType<typeof checkEvaluated<Schema>> {
  // What a schema let through is JSON.
  return checkEvaluated(
    schema,
    evaluateJson(authored as ExpressionValue, { scope: { pipeline: { parameters } } }, path),
    path,
  );
}

const source = (properties: Readonly<Record<string, unknown>>): unknown =>
  salesforceSource.parse({ type: 'SalesforceV2Source', ...properties });

const failure = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};

describe('checkEvaluated', () => {
  it('EX-01 EX-07 gives each property a value of its kind, from texts, too', () => {
    const authored = source({
      query: 'SELECT Id FROM @{pipeline().parameters.object} -- @@{x}',
      pageSize: '@{pipeline().parameters.rows}',
      includeDeletedObjects: { type: 'Expression', value: '@pipeline().parameters.all' },
      partitionOption: "@toUpper('none')",
      maxConcurrentConnections: '@pipeline().parameters.nothing',
      queryTimeout: '0.00:05:00',
    });
    const context = { object: 'Account', rows: 500, all: 'True', nothing: null };

    expect(evaluated(salesforceSource, authored, context)).toEqual({
      type: 'SalesforceV2Source',
      query: 'SELECT Id FROM Account -- @{x}',
      pageSize: 500,
      includeDeletedObjects: true,
      partitionOption: 'None',
      maxConcurrentConnections: undefined,
      queryTimeout: '0.00:05:00',
    });
  });

  it('says all values that are not of their kind, with their paths and without them', () => {
    const authored = source({
      pageSize: '@pipeline().parameters.bad',
      includeDeletedObjects: '@pipeline().parameters.bad',
      queryTimeout: '@pipeline().parameters.bad',
    });
    const error = failure(() => evaluated(salesforceSource, authored, { bad: 'sesame' }, 'properties.source'));

    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(String(error)).toMatch(
      /3 values[^]*properties.source.includeDeletedObjects: must be true or false[^]*properties.source.pageSize/,
    );
    expect(String(error)).not.toContain('sesame');
  });

  it('KV-06 lets no secret through where a text belongs, and shows none', () => {
    const authored = source({ query: '@pipeline().parameters.secret' });
    const error = failure(() => evaluated(salesforceSource, authored, { secret: new Secret('hush-hush') }));

    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(/^query: /) });
    expect(JSON.stringify(error)).not.toContain('hush');
  });

  it('MAP-07 takes a whole mapping from a parameter, and fills in what it leaves out', () => {
    const authored = copyProperties.parse({
      source: { type: 'SalesforceV2Source' },
      sink: { type: 'ParquetSink' },
      translator: { type: 'Expression', value: '@pipeline().parameters.mapping' },
    });
    const mapping = { type: 'TabularTranslator', mappings: [{ source: { name: 'a' }, sink: { name: 'b' } }] };
    const resolve = (value: ExpressionValue): unknown => evaluated(copyProperties, authored, { mapping: value });

    expect(resolve(mapping)).toMatchObject({
      translator: { ...mapping, typeConversion: false, mapComplexValuesToString: false },
    });
    expect(failure(() => resolve({ type: 'TabularTranslator', mappings: [{ source: {} }] }))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'translator.mappings[0].sink: is missing',
    });
  });
});
