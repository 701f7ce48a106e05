import * as z from 'zod';

import { text } from '../value/dynamic-value.ts';
import { DATASET_HEAD } from './dataset-head.ts';

export const salesforceObjectDataset = z.object({
  type: z
    .enum(['SalesforceV2Object', 'SalesforceServiceCloudV2Object', 'SalesforceObject', 'SalesforceServiceCloudObject'])
    .meta({ description: 'An object or a report of an org. The names without V2 are the legacy ones.' }),
  ...DATASET_HEAD,
  typeProperties: z
    .object({
      objectApiName: text('API name of the object, such as Account or Invoice__c.').optional(),
      reportId: text('Id of a report; for reading only, and only where there is no object.').optional(),
    })
    .prefault({}),
});
