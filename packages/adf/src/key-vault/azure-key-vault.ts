import type { TokenCredential } from '@azure/identity';
import type { SecretClient, SecretClientOptions } from '@azure/keyvault-secrets';
import { Secret } from '@sluice/core';

import { optionalPackage } from '../resolve/optional-package.ts';
import type { VaultProvider } from '../secrets/vault-provider.ts';
import { vaultFault } from './vault-fault.ts';

export interface AzureKeyVaultOptions {
  /** Who asks. Default: what the environment says: variables, workload or managed identity, the Azure CLI. */
  readonly credential?: TokenCredential;
  /** Certificates to trust besides those of the platform, as PEM. */
  readonly ca?: string;
  /** Take the vault's word for what tokens are for, as clouds of one's own need it. Default: false. */
  readonly trustChallenge?: boolean;
  /** Attempts after the first. Default: 3. */
  readonly maxRetries?: number;
}

const INSTALL = '@azure/keyvault-secrets and @azure/identity';

/**
 * Secrets of the Azure Key Vaults a factory names, read through `@azure/keyvault-secrets` as the identity of this process.
 *
 * The identity needs Get on secrets. A client is kept for each vault; secrets are not kept.
 *
 * Azure Key Vault, "Get Secret", API 7.6, read 2026-11.
 *
 * @throws `PLUGIN_MISSING` naming what to install; `PERMISSION_DENIED`, `AUTH_REJECTED`, `RATE_LIMITED`,
 * `REMOTE_UNAVAILABLE`, `RESPONSE_INVALID` and `CONNECTION_LOST` naming vault and secret.
 *
 * @example
 * const vaults = azureKeyVault();
 */
export function azureKeyVault(options: AzureKeyVaultOptions = {}): VaultProvider {
  const clients = new Map<string, Promise<SecretClient>>();
  return async ({ vaultName, baseUrl, secretName, secretVersion, signal }) => {
    let client = clients.get(baseUrl);
    if (client === undefined) {
      client = openClient(baseUrl, options);
      clients.set(baseUrl, client);
    }
    const opened = await client;
    try {
      const { value } = await opened.getSecret(secretName, {
        ...(secretVersion === undefined ? {} : { version: secretVersion }),
        ...(signal === undefined ? {} : { abortSignal: signal }),
      });
      return value === undefined ? undefined : new Secret(value);
    } catch (cause) {
      signal?.throwIfAborted();
      if (isMissing(cause)) return undefined;
      throw vaultFault(cause, vaultName, secretName);
    }
  };
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'statusCode' in cause && cause.statusCode === 404;
}

async function openClient(
  baseUrl: string,
  { credential, ca, trustChallenge = false, maxRetries = 3 }: AzureKeyVaultOptions,
): Promise<SecretClient> {
  const { SecretClient } = await optionalPackage(
    '@azure/keyvault-secrets',
    () => import('@azure/keyvault-secrets'),
    INSTALL,
  );
  const clientOptions: SecretClientOptions & { readonly tlsOptions?: { readonly ca: string } } = {
    disableChallengeResourceVerification: trustChallenge,
    retryOptions: { maxRetries },
    ...(ca === undefined ? {} : { tlsOptions: { ca } }),
  };
  return new SecretClient(baseUrl, credential ?? (await defaultCredential()), clientOptions);
}

async function defaultCredential(): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await optionalPackage('@azure/identity', () => import('@azure/identity'), INSTALL);
  return new DefaultAzureCredential();
}
