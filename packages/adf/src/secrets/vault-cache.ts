import { Secret, SluiceError } from '@sluice/core';

import type { VaultProvider, VaultRequest } from './vault-provider.ts';

/** Secrets of one run: each is looked up once, when it is first needed, and forgotten with the run. */
export class VaultCache {
  readonly #provider: VaultProvider | undefined;
  readonly #found = new Map<string, Promise<Secret>>();

  constructor(provider: VaultProvider | undefined) {
    this.#provider = provider;
  }

  /** @throws `SECRET_UNRESOLVED` naming vault and secret; what the provider throws; `signal.reason` when aborted. */
  async secret(request: VaultRequest): Promise<Secret> {
    request.signal?.throwIfAborted();
    const key = JSON.stringify([request.vaultName, request.baseUrl, request.secretName, request.secretVersion ?? null]);
    const known = this.#found.get(key);
    if (known !== undefined) return await known;
    const lookup = this.#lookUp(request);
    this.#found.set(key, lookup);
    // A lookup that failed may succeed when the activity is tried again.
    lookup.catch(() => this.#found.delete(key));
    return await lookup;
  }

  async #lookUp(request: VaultRequest): Promise<Secret> {
    const { vaultName, baseUrl, secretName, signal } = request;
    if (this.#provider === undefined) {
      throw new SluiceError('SECRET_UNRESOLVED', `nothing provides secrets of the vault ${vaultName}`, {
        hint: 'Give a vault: the environment, a folder, or the Key Vault itself.',
      });
    }
    let found: string | Secret | undefined;
    try {
      found = await this.#provider(request);
    } catch (cause) {
      signal?.throwIfAborted();
      if (SluiceError.is(cause)) throw cause;
      throw new SluiceError('SECRET_UNRESOLVED', `the provider of the vault ${vaultName} failed`, { cause });
    }
    const text = Secret.is(found) ? found.reveal() : found;
    if (typeof text === 'string' && text !== '') return new Secret(text);
    throw new SluiceError(
      'SECRET_UNRESOLVED',
      `the vault ${vaultName} (${baseUrl}) has no secret ${JSON.stringify(secretName)}`,
      {
        hint: 'Check the name and, if one is given, the version.',
      },
    );
  }
}
