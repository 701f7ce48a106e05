import { type Source, SluiceError } from '@sluice/core';
import type * as z from 'zod';

import type { copySource } from '../definition/copy/copy-source.ts';
import { salesforceObjectDataset } from '../definition/dataset/salesforce-object.ts';
import type { Resolved } from '../definition/value/resolved-value.ts';
import type { OpenDataset } from '../resolve/dataset.ts';
import { resolveProperties } from '../resolve/resolve-properties.ts';
import type { RunEngine } from '../run/run-engine.ts';
import type { DataOptions } from './data-options.ts';
import { openOrg } from './salesforce/open-org.ts';
import { openQuery } from './salesforce/open-query.ts';

export type ResolvedSource = Resolved<z.output<typeof copySource>>;

/** What an activity reads. Disposing of it closes its connections. */
export interface OpenedSource extends AsyncDisposable {
  readonly source: Source;
  readonly maxConnections: number | undefined;
}

/** @throws `CONNECTOR_MISSING` for what cannot be read yet; `CONFIG_INVALID`; what expressions throw. */
export async function openSource(
  source: ResolvedSource,
  dataset: OpenDataset,
  { redaction, strict }: Pick<RunEngine, 'redaction' | 'strict'>,
  options: DataOptions,
): Promise<OpenedSource> {
  if (source.type !== 'SalesforceV2Source' && source.type !== 'SalesforceServiceCloudV2Source') {
    throw new SluiceError('CONNECTOR_MISSING', `there is no connector for ${source.type} here`);
  }
  const { value } = resolveProperties(
    salesforceObjectDataset.shape.typeProperties,
    dataset.properties.typeProperties,
    `dataset ${dataset.name}: typeProperties`,
    { evaluate: (json, path) => dataset.evaluate(json, path), reveal: (secret) => redaction.reveal(secret) },
  );
  const { maxConcurrentConnections: maxConnections } = source;
  const org = await openOrg(dataset.linkedService, {
    redaction,
    defaultApiVersion: options.defaultApiVersion,
    connections: maxConnections,
  });
  return {
    source: openQuery(org, {
      source,
      dataset: value,
      datasetName: dataset.name,
      strict,
      decimals: options.decimals ?? 'scale',
      binaryFields: options.binaryFields ?? 'refuse',
    }),
    maxConnections,
    [Symbol.asyncDispose]: async () => await org[Symbol.asyncDispose](),
  };
}
