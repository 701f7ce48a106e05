import { type Change, collect, copy, limitRows, type Note, type Row, rowReader, SluiceError } from '@sluice/core';
import type { Schema } from 'apache-arrow';

import { copyMapping } from '../copy/mapping/copy-mapping.ts';
import { mappingRequest } from '../copy/mapping/request-of-copy.ts';
import { openSource } from '../copy/open-source.ts';
import { copySource } from '../definition/copy/copy-source.ts';
import type { Factory } from '../definition/factory.ts';
import { checkEvaluated } from '../resolve/check-evaluated.ts';
import { openDataset } from '../resolve/dataset.ts';
import { type InspectOptions, type Inspection, inspection } from './inspect-options.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface PreviewOptions extends InspectOptions {
  /** Default 20. */
  readonly rows?: number;
  /** In place of the dataset's object or table. */
  readonly query?: string;
}

export interface Preview {
  readonly schema: Schema;
  readonly rows: readonly Row[];
  /** Values rounded on the way, by column. */
  readonly changes: readonly Change[];
  readonly notes: readonly Note[];
}

const SOURCE_TYPES: Readonly<Record<string, string>> = {
  SalesforceV2Object: 'SalesforceV2Source',
  SalesforceServiceCloudV2Object: 'SalesforceServiceCloudV2Source',
  AzurePostgreSqlTable: 'AzurePostgreSqlSource',
  PostgreSqlV2Table: 'PostgreSqlV2Source',
  DelimitedText: 'DelimitedTextSource',
  Parquet: 'ParquetSource',
  Json: 'JsonSource',
};

/**
 * The first rows of a dataset, read and mapped as a copy would.
 *
 * @throws what opening and reading the dataset throws; `CONNECTOR_MISSING`.
 */
export async function previewDataset(factory: Factory, name: string, options: PreviewOptions = {}): Promise<Preview> {
  const looking = inspection(factory, options);
  return await withoutSecrets(looking.redaction, async () => await preview(name, options, looking));
}

async function preview(name: string, options: PreviewOptions, looking: Inspection): Promise<Preview> {
  const { rows = 20, parameters = {}, query } = options;
  const dataset = openDataset({ referenceName: name, parameters }, () => parameters, looking.following);
  const type = SOURCE_TYPES[dataset.properties.type];
  if (type === undefined) {
    throw new SluiceError(
      'CONNECTOR_MISSING',
      `dataset ${name}: there is no connector for ${dataset.properties.type} here`,
    );
  }
  const source = checkEvaluated(copySource, { type, ...(query === undefined ? {} : { query }) }, 'source');
  await using opened = await openSource(source, dataset, looking, looking.data);
  const collected = collect();
  const receipt = await copy({
    ...looking.run,
    // What is counted as changed is counted by the batch.
    batchRows: Math.max(1, rows),
    from: limitRows(opened.source, rows),
    to: collected,
    map: copyMapping(mappingRequest({ source, sink: { type: 'none' } })),
  });
  const { schema } = collected.table();
  const toRows = rowReader(schema);
  return {
    schema,
    rows: collected.batches.flatMap((batch) => [...toRows(batch)]),
    changes: receipt.changes,
    notes: receipt.notes,
  };
}
