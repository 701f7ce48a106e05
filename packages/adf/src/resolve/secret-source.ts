import type { Secret } from '@sluice/core';

/** Where the secrets of vaults come from; asked each time an activity needs one. */
export interface SecretSource {
  /** @throws `SECRET_UNRESOLVED` naming the vault and the secret. */
  vaultSecret(request: VaultRequest, signal: AbortSignal): Promise<Secret>;
}

export interface VaultRequest {
  /** Name of the linked service of the vault. */
  readonly vault: string;
  readonly baseUrl: string;
  readonly secretName: string;
  /** Default: the latest. */
  readonly secretVersion: string | undefined;
}
