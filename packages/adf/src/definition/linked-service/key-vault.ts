import * as z from 'zod';

import { text } from '../value/dynamic-value.ts';
import { credentialReference } from '../value/reference.ts';
import { LINKED_SERVICE_HEAD } from './linked-service-head.ts';

export const keyVaultLinkedService = z.object({
  type: z.literal('AzureKeyVault').meta({ description: 'A store of secrets.' }),
  ...LINKED_SERVICE_HEAD,
  typeProperties: z.object({
    baseUrl: text('URL of the vault, such as https://acme.vault.azure.net.'),
    credential: credentialReference.optional().meta({ description: 'Identity of the factory. Not used.' }),
  }),
});
