import * as z from 'zod';

import { json } from '../value/dynamic-value.ts';
import { expression } from '../value/dynamic-value.ts';
import { credentialReference } from '../value/reference.ts';
import { credential, secureString, setting, valueSetting, vaultSecret } from '../value/secret-value.ts';
import { encryptedCredential, LINKED_SERVICE_HEAD } from './linked-service-head.ts';

const seconds = (description: string): ReturnType<typeof valueSetting<z.ZodInt>> => valueSetting(description, z.int());
const notUsed = json('Not used.').optional();

/** What both connectors have of a connection. All may be left out where there is a connection string. */
const connection = {
  server: setting('Name or address of the server; a port may follow it.').optional(),
  port: valueSetting('Port of the server. Default: 5432.', z.int()).optional(),
  database: setting('Name of the database.').optional(),
  username: setting('Role to log in as.').optional(),
  password: credential('Password of the role.').optional(),
  authenticationType: setting('How to log in: Basic.').optional(),
  sslMode: valueSetting(
    'Disable (0), Allow (1), Prefer (2), Require (3), Verify-ca (4) or Verify-full (5). Default: 2.',
    z.int(),
  ).optional(),
  trustServerCertificate: valueSetting('Whether any certificate will do.', z.boolean()).optional(),
  schema: setting('Schemas in which SQL finds names without one.').optional(),
  timezone: setting('Time zone in which SQL makes dates of instants. Default: UTC.').optional(),
  connectionTimeout: seconds('Seconds that connecting may take.').optional(),
  commandTimeout: seconds(
    'Seconds that a statement may take; 0 for no bound. Time-outs of activities come first.',
  ).optional(),
  encoding: notUsed,
  pooling: notUsed,
  readBufferSize: notUsed,
  encryptedCredential,
};

/** Connector of Azure Data Factory for Azure Database for PostgreSQL: "Linked service properties", read 2026-11. */
export const azurePostgreSqlLinkedService = z.object({
  type: z.literal('AzurePostgreSql').meta({ description: 'A PostgreSQL database, in Azure or anywhere.' }),
  ...LINKED_SERVICE_HEAD,
  typeProperties: z.object({
    ...connection,
    connectionString: z
      .union([z.string(), expression, secureString, vaultSecret])
      .optional()
      .meta({ description: 'Of version 1.0, in place of the other properties: host=…;database=…;uid=…;password=….' }),
    timeout: seconds('Another name of connectionTimeout.').optional(),
    credential: credentialReference.optional().meta({ description: 'Not supported.' }),
    tenant: notUsed,
    servicePrincipalId: notUsed,
    servicePrincipalCredentialType: notUsed,
    servicePrincipalKey: notUsed,
    servicePrincipalEmbeddedCert: notUsed,
    servicePrincipalEmbeddedCertPassword: notUsed,
    azureCloudType: notUsed,
  }),
});

/** Connector of Azure Data Factory for PostgreSQL V2: "Linked service properties", read 2026-11. */
export const postgreSqlV2LinkedService = z.object({
  type: z.literal('PostgreSqlV2').meta({ description: 'A PostgreSQL database, to read from.' }),
  ...LINKED_SERVICE_HEAD,
  typeProperties: z.object({
    ...connection,
    sslCertificate: setting('Path of a certificate to show to the server, relative to the factory.').optional(),
    sslKey: setting('Path of its private key.').optional(),
    sslPassword: z
      .union([z.string(), expression, secureString, vaultSecret])
      .optional()
      .meta({ description: 'Password of the private key.' }),
    logParameters: notUsed,
  }),
});
