import { type Source, SluiceError } from '@sluice/core';
import type * as z from 'zod';

import type { SalesforceSource } from '../definition/copy/copy-source.ts';
import { delimitedTextDataset } from '../definition/dataset/file-datasets.ts';
import { salesforceObjectDataset } from '../definition/dataset/salesforce-object.ts';
import type { Resolved } from '../definition/value/resolved-value.ts';
import type { OpenDataset } from '../resolve/dataset.ts';
import { resolveProperties } from '../resolve/resolve-properties.ts';
import type { RunEngine } from '../run/run-engine.ts';
import type { DataOptions } from './data-options.ts';
import { openStore } from './files/file-location.ts';
import { openTextSource } from './files/open-text-source.ts';
import type { ResolvedSource } from './resolved-ends.ts';
import { openOrg } from './salesforce/open-org.ts';
import { openQuery } from './salesforce/open-query.ts';

type SourceEngine = Pick<RunEngine, 'redaction' | 'strict'>;

/** What an activity reads. Disposing of it closes its connections. */
export interface OpenedSource extends AsyncDisposable {
  readonly source: Source;
  readonly maxConnections: number | undefined;
}

/** @throws `CONNECTOR_MISSING` for what cannot be read yet; `CONFIG_INVALID`; what expressions throw. */
export async function openSource(
  source: ResolvedSource,
  dataset: OpenDataset,
  engine: SourceEngine,
  options: DataOptions,
): Promise<OpenedSource> {
  switch (source.type) {
    case 'SalesforceV2Source':
    case 'SalesforceServiceCloudV2Source':
      return await openSalesforce(source, dataset, engine, options);
    case 'DelimitedTextSource': {
      const properties = propertiesOf(delimitedTextDataset.shape.typeProperties, dataset, engine);
      const store = await openStore(dataset.linkedService, options.factoryFolder);
      return {
        source: openTextSource(source, properties, store),
        maxConnections: source.maxConcurrentConnections,
        async [Symbol.asyncDispose]() {},
      };
    }
    default:
      throw new SluiceError('CONNECTOR_MISSING', `there is no connector for ${source.type} here`);
  }
}

async function openSalesforce(
  source: Resolved<SalesforceSource>,
  dataset: OpenDataset,
  engine: SourceEngine,
  options: DataOptions,
): Promise<OpenedSource> {
  const properties = propertiesOf(salesforceObjectDataset.shape.typeProperties, dataset, engine);
  const { maxConcurrentConnections: maxConnections } = source;
  const org = await openOrg(dataset.linkedService, {
    redaction: engine.redaction,
    defaultApiVersion: options.defaultApiVersion,
    connections: maxConnections,
  });
  return {
    source: openQuery(org, {
      source,
      dataset: properties,
      datasetName: dataset.name,
      strict: engine.strict,
      decimals: options.decimals ?? 'scale',
      binaryFields: options.binaryFields ?? 'refuse',
    }),
    maxConnections,
    [Symbol.asyncDispose]: async () => await org[Symbol.asyncDispose](),
  };
}

/** Type properties of a dataset, resolved. */
export function propertiesOf<Schema extends z.ZodType>(
  schema: Schema,
  dataset: OpenDataset,
  { redaction }: Pick<RunEngine, 'redaction'>,
): Resolved<z.output<Schema>> {
  return resolveProperties(schema, dataset.properties.typeProperties, `dataset ${dataset.name}: typeProperties`, {
    evaluate: (json, path) => dataset.evaluate(json, path),
    reveal: (secret) => redaction.reveal(secret),
  }).value;
}
