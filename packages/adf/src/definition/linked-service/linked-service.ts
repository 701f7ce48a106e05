import * as z from 'zod';

import { UNAVAILABLE_LINKED_SERVICES } from '../unavailable/linked-service-types.ts';
import type { Frozen } from '../value/resolved-value.ts';
import { fileServerLinkedService } from './file-server.ts';
import { keyVaultLinkedService } from './key-vault.ts';
import { LINKED_SERVICE_HEAD } from './linked-service-head.ts';
import { azurePostgreSqlLinkedService, postgreSqlV2LinkedService } from './postgres.ts';
import { legacySalesforceLinkedService, salesforceLinkedService } from './salesforce.ts';

/** A connector Data Factory has and we do not: read as far as it must be to name it. */
const unavailableLinkedService = z.object({
  type: z.enum(UNAVAILABLE_LINKED_SERVICES).meta({ description: 'A connector that cannot run here.' }),
  ...LINKED_SERVICE_HEAD,
  typeProperties: z.unknown(),
});

/** `properties` of a linked service. */
export const linkedServiceProperties = z.discriminatedUnion('type', [
  salesforceLinkedService,
  legacySalesforceLinkedService,
  azurePostgreSqlLinkedService,
  postgreSqlV2LinkedService,
  fileServerLinkedService,
  keyVaultLinkedService,
  unavailableLinkedService,
]);

export type LinkedServiceProperties = Frozen<z.output<typeof linkedServiceProperties>>;
