import * as z from 'zod';

import { choice } from '../value/dynamic-value.ts';
import { credential, setting } from '../value/secret-value.ts';
import { encryptedCredential, LINKED_SERVICE_HEAD } from './linked-service-head.ts';

/** Connector of Azure Data Factory for Salesforce V2: "Linked service properties", read 2026-11. */
const salesforceProperties = z.object({
  environmentUrl: setting("The org's own domain, such as https://acme.my.salesforce.com."),
  authenticationType: choice('How to log in.', ['OAuth2ClientCredentials']).default('OAuth2ClientCredentials'),
  clientId: setting('Consumer key of the connected app.'),
  clientSecret: credential('Consumer secret of the connected app.'),
  apiVersion: setting('Version of Bulk API 2.0, such as 60.0; at least 47.0.').optional(),
  encryptedCredential,
});

export const salesforceLinkedService = z.object({
  type: z.enum(['SalesforceV2', 'SalesforceServiceCloudV2']).meta({ description: 'The Salesforce connector.' }),
  ...LINKED_SERVICE_HEAD,
  typeProperties: salesforceProperties,
});

/** The connector that was removed from Data Factory. Read so that its definitions can be rewritten; nothing runs it. */
export const legacySalesforceLinkedService = z.object({
  type: z.enum(['Salesforce', 'SalesforceServiceCloud']).meta({ description: 'The legacy Salesforce connector.' }),
  ...LINKED_SERVICE_HEAD,
  typeProperties: z.object({
    environmentUrl: setting('Where to log in. Default: https://login.salesforce.com.').optional(),
    username: setting('Name of the user.').optional(),
    password: credential('Password of the user.').optional(),
    securityToken: credential('Security token of the user.').optional(),
    apiVersion: setting('Version of the API.').optional(),
    extendedProperties: setting('Appended to the connection string.').optional(),
    encryptedCredential,
  }),
});
