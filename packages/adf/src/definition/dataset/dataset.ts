import * as z from 'zod';

import { UNAVAILABLE_DATASETS } from '../unavailable/dataset-types.ts';
import type { Frozen } from '../value/resolved-value.ts';
import { DATASET_HEAD } from './dataset-head.ts';
import { delimitedTextDataset, jsonDataset, parquetDataset } from './file-datasets.ts';
import { azurePostgreSqlTableDataset, postgreSqlV2TableDataset } from './postgres-table.ts';
import { salesforceObjectDataset } from './salesforce-object.ts';

const unavailableDataset = z.object({
  type: z.enum(UNAVAILABLE_DATASETS).meta({ description: 'A kind of data that cannot be read or written here.' }),
  ...DATASET_HEAD,
  typeProperties: z.unknown(),
});

/** `properties` of a dataset. */
export const datasetProperties = z.discriminatedUnion('type', [
  salesforceObjectDataset,
  azurePostgreSqlTableDataset,
  postgreSqlV2TableDataset,
  delimitedTextDataset,
  parquetDataset,
  jsonDataset,
  unavailableDataset,
]);

export type DatasetProperties = Frozen<z.output<typeof datasetProperties>>;
export type SalesforceObjectDataset = Frozen<z.output<typeof salesforceObjectDataset>>;
