import { Secret, SluiceError } from '@sluice/core';
import { salesforce, type SalesforceOrg } from '@sluice/salesforce';

import type { Redaction } from '../../run/redaction.ts';
import { salesforceConnection } from '../../secrets/connections.ts';
import type { LinkedServiceRequest } from '../../secrets/resolve-linked-service.ts';

export interface OrgConnection {
  readonly redaction: Redaction;
  /** For linked services that name none. */
  readonly defaultApiVersion: string | undefined;
  /** Requests in flight at once, at most. */
  readonly connections: number | undefined;
}

/**
 * The org of a linked service. Vaults are asked for its secrets; the org itself is not connected to yet.
 *
 * @throws `CONFIG_INVALID`; `SECRET_UNRESOLVED` and what else a vault says; `CONNECTOR_MISSING` for other services.
 */
export async function openOrg(
  request: LinkedServiceRequest,
  { redaction, defaultApiVersion, connections }: OrgConnection,
): Promise<SalesforceOrg> {
  const { name, properties } = request.linkedService;
  if (properties.type !== 'SalesforceV2' && properties.type !== 'SalesforceServiceCloudV2') {
    throw new SluiceError(
      'CONNECTOR_MISSING',
      `linked service ${name}: there is no connector for ${properties.type} here`,
    );
  }
  const connection = await salesforceConnection({
    ...request,
    ...(defaultApiVersion === undefined ? {} : { defaultApiVersion }),
  });
  redaction.reveal(connection.clientSecret);
  if (isInVault(properties.typeProperties.clientId)) redaction.reveal(new Secret(connection.clientId));
  if (isInVault(properties.typeProperties.environmentUrl)) hideUrl(connection.environmentUrl, redaction);
  return salesforce({ ...connection, ...(connections === undefined ? {} : { connections }) });
}

function isInVault(setting: unknown): boolean {
  return typeof setting === 'object' && setting !== null && 'type' in setting && setting.type === 'AzureKeyVaultSecret';
}

/** Errors name hosts. */
function hideUrl(url: string, redaction: Redaction): void {
  redaction.reveal(new Secret(url));
  if (URL.canParse(url)) redaction.reveal(new Secret(new URL(url).host));
}
