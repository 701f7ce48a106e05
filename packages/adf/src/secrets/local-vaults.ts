import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Secret, SluiceError } from '@sluice/core';

import type { VaultProvider, VaultRequest } from './vault-provider.ts';

/** Names of Key Vault: 1 to 127 letters, digits and hyphens. Nothing else gets into a path. */
const SECRET_NAME = /^[0-9A-Za-z-]{1,127}$/;

/** Secrets that are at hand, by their names; by `name/version` where a version is asked for. */
export function memoryVault(secrets: Readonly<Record<string, string | Secret>>): VaultProvider {
  return async ({ secretName, secretVersion }) => {
    const name = secretVersion === undefined ? secretName : `${secretName}/${secretVersion}`;
    return [name, secretName]
      .map((key) => (Object.hasOwn(secrets, key) ? secrets[key] : undefined))
      .find((secret) => secret !== undefined);
  };
}

export interface EnvironmentVaultOptions {
  /** What the names of variables begin with. Default: nothing. */
  readonly prefix?: string;
  /** Default: that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Secrets in environment variables: `sf-secret` is `SF_SECRET`, or `<prefix>SF_SECRET`.
 *
 * A version is not looked at: a variable has one.
 */
export function environmentVault({ prefix = '', env = process.env }: EnvironmentVaultOptions = {}): VaultProvider {
  return async ({ secretName }) => {
    const value = env[`${prefix}${secretName.replaceAll(/\W/g, '_').toUpperCase()}`];
    return value === '' ? undefined : value;
  };
}

/**
 * Secrets in files of a folder, each called as the secret is, in a folder of the vault's name or in the folder itself;
 * one line end at the end is no part of it. Container platforms mount secrets like this.
 *
 * A version is not looked at: a file has one.
 */
export function folderVault(folder: string): VaultProvider {
  return async (request) => {
    const { vaultName, secretName, signal } = request;
    if (!SECRET_NAME.test(secretName)) throw badName(request);
    const ofVault = SECRET_NAME.test(vaultName) ? await textOf(join(folder, vaultName, secretName), signal) : undefined;
    return ofVault ?? (await textOf(join(folder, secretName), signal));
  };
}

/** The first of several that has the secret. */
export function firstVault(...providers: readonly VaultProvider[]): VaultProvider {
  return async (request) => {
    for (const provider of providers) {
      const secret = await provider(request);
      if (secret !== undefined) return secret;
    }
    return undefined;
  };
}

async function textOf(path: string, signal: AbortSignal | undefined): Promise<Secret | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR'))
      return undefined;
    throw new SluiceError('SECRET_UNRESOLVED', `the secret file ${path} cannot be read`, {
      cause,
      hint: 'Check that this process may read the file.',
    });
  }
  try {
    return new Secret(new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, ''));
  } catch {
    throw new SluiceError('SECRET_UNRESOLVED', `the secret file ${path} is not UTF-8 text`);
  }
}

function badName({ vaultName }: VaultRequest): SluiceError {
  return new SluiceError('SECRET_UNRESOLVED', `a name of a secret of the vault ${vaultName} is none`, {
    hint: 'Names have letters, digits and hyphens.',
  });
}
