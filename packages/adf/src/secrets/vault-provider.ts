import type { Secret } from '@sluice/core';

/** A secret of a vault, as an `AzureKeyVaultSecret` names it. */
export interface VaultRequest {
  /** Name of the linked service of the vault. */
  readonly vaultName: string;
  readonly baseUrl: string;
  readonly secretName: string;
  /** `undefined`: the latest. */
  readonly secretVersion: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Looks up secrets of the vaults of a factory, so that the same JSON runs with or without Azure.
 *
 * Called once for each secret in a run. Errors must not hold the secret. `undefined` for one that is not there.
 */
export type VaultProvider = (request: VaultRequest) => Promise<string | Secret | undefined>;
