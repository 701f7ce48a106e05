import * as z from 'zod';

import { text } from '../value/dynamic-value.ts';
import { DATASET_HEAD } from './dataset-head.ts';

const place = {
  schema: text('Schema of the table. Default: the first of the linked service, or public.').optional(),
  table: text('Name of the table, as it is called: case matters, no quotes.').optional(),
};

export const azurePostgreSqlTableDataset = z.object({
  type: z.literal('AzurePostgreSqlTable').meta({ description: 'A table or view.' }),
  ...DATASET_HEAD,
  typeProperties: z
    .object({
      ...place,
      tableName: text('The older form: table, or schema.table, in quotes where a dot is in a name.').optional(),
    })
    .prefault({}),
});

export const postgreSqlV2TableDataset = z.object({
  type: z.literal('PostgreSqlV2Table').meta({ description: 'A table or view.' }),
  ...DATASET_HEAD,
  typeProperties: z.object(place).prefault({}),
});
