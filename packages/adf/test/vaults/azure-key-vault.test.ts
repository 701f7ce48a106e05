import { inspect } from 'node:util';

import type { TokenCredential } from '@azure/identity';
import { ClientSecretCredential } from '@azure/identity';
import { Secret } from '@sluice/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { azureKeyVault } from '../../src/key-vault/azure-key-vault.ts';
import { optionalPackage } from '../../src/resolve/optional-package.ts';
import type { VaultProvider, VaultRequest } from '../../src/secrets/vault-provider.ts';
import { startVault, tenantId, token, type VaultStandIn } from './vault-stand-in.ts';

let vault: VaultStandIn;

beforeEach(async () => {
  vault = await startVault({
    clientSecret: 'open-sesame',
    secrets: {
      'sf-secret': 'hush-hush',
      'sf-secret/0f3a': 'hush-before',
      disabled: { status: 403, code: 'Forbidden' },
      busy: { status: 429, code: 'Throttled' },
      broken: { status: 500, code: 'InternalError' },
      odd: { status: 400, code: 'BadParameter' },
    },
  });
});

afterEach(() => vault[Symbol.asyncDispose]());

function requestFor(secretName: string, more: Partial<VaultRequest> = {}): VaultRequest {
  return { vaultName: 'vault', baseUrl: vault.url, secretName, secretVersion: undefined, signal: undefined, ...more };
}

interface AskedFor {
  readonly scopes: string[];
}

/** A credential that gives what the stand-in wants, and notes what it was asked for. */
function knownCredential(asked: AskedFor = { scopes: [] }): TokenCredential {
  return {
    async getToken(scopes) {
      asked.scopes.push(...[scopes].flat());
      return { token, expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
}

function vaultOf(credential: TokenCredential): VaultProvider {
  return azureKeyVault({ credential, ca: vault.ca, trustChallenge: true, maxRetries: 0 });
}

describe('azureKeyVault', () => {
  it('KV-02 reads the latest version of a secret, after the challenge said what token it needs', async () => {
    const asked: AskedFor = { scopes: [] };

    const secret = await vaultOf(knownCredential(asked))(requestFor('sf-secret'));

    expect(Secret.is(secret) && secret.reveal()).toBe('hush-hush');
    expect(asked.scopes).toEqual(['https://vault.test/.default']);
    expect(vault.requests).toEqual(['GET /secrets/sf-secret/', 'GET /secrets/sf-secret/ with a token']);
  });

  it('KV-02 reads the version that is pinned', async () => {
    const secret = await vaultOf(knownCredential())(requestFor('sf-secret', { secretVersion: '0f3a' }));

    expect(Secret.is(secret) && secret.reveal()).toBe('hush-before');
  });

  it('KV-02 gives nothing for a secret that is not there', async () => {
    await expect(vaultOf(knownCredential())(requestFor('missing'))).resolves.toBeUndefined();
  });

  it('keeps its client, and so its token, for the next secret', async () => {
    const asked: AskedFor = { scopes: [] };
    const provider = vaultOf(knownCredential(asked));

    await provider(requestFor('sf-secret'));
    await provider(requestFor('sf-secret', { secretVersion: '0f3a' }));

    expect(asked.scopes).toHaveLength(1);
  });

  it('asks as an app of the tenant the challenge names', async () => {
    const options = { authorityHost: vault.url, disableInstanceDiscovery: true, tlsOptions: { ca: vault.ca } };
    const credential = new ClientSecretCredential(tenantId, 'app', 'open-sesame', options);

    const secret = await vaultOf(credential)(requestFor('sf-secret'));

    expect(Secret.is(secret)).toBe(true);
    expect(vault.requests).toContain(`POST /${tenantId}/oauth2/v2.0/token`);
  });

  it.each([
    ['disabled', 'PERMISSION_DENIED', 'may not be read by this identity, or is disabled', false],
    ['busy', 'RATE_LIMITED', 'could not be read: the vault has been asked too often', true],
    ['broken', 'REMOTE_UNAVAILABLE', 'could not be read: the vault answered 500', true],
    ['odd', 'REMOTE_REFUSED', 'could not be read: the vault answered 400', false],
  ])('KV-02 says of a secret that is %s what it means', async (name, code, what, retryable) => {
    await expect(vaultOf(knownCredential())(requestFor(name))).rejects.toMatchObject({
      code,
      retryable,
      message: `the secret "${name}" of the vault vault ${what}`,
    });
  });

  it('says that there is no identity to ask as, without what was tried', async () => {
    const options = { authorityHost: vault.url, disableInstanceDiscovery: true, tlsOptions: { ca: vault.ca } };
    const credential = new ClientSecretCredential(tenantId, 'app', 'wrong-sesame', options);
    const failure: unknown = await vaultOf(credential)(requestFor('sf-secret')).catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: 'AUTH_REJECTED' });
    expect(inspect(failure, { depth: 10 })).not.toMatch(/sesame|a-token/);
  });

  it('says that a token is refused, without showing it', async () => {
    const credential: TokenCredential = {
      getToken: async () => ({ token: 'stale-token', expiresOnTimestamp: Date.now() + 3_600_000 }),
    };
    const failure: unknown = await vaultOf(credential)(requestFor('sf-secret')).catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: 'AUTH_REJECTED' });
    expect(inspect(failure, { depth: 10 })).not.toContain('stale-token');
  });

  it('says that a vault cannot be reached, or is not trusted', async () => {
    const untrusted = azureKeyVault({ credential: knownCredential(), trustChallenge: true, maxRetries: 0 });

    await expect(untrusted(requestFor('sf-secret'))).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      retryable: true,
    });
  });

  it('sends no token to a vault whose challenge names another resource', async () => {
    const careful = azureKeyVault({ credential: knownCredential(), ca: vault.ca, maxRetries: 0 });

    await expect(careful(requestFor('sf-secret'))).rejects.toMatchObject({
      message: expect.stringContaining('sf-secret'),
    });
    expect(vault.requests).toEqual(['GET /secrets/sf-secret/']);
  });

  it('ends with the reason of its signal', async () => {
    const reason = new Error('enough');

    await expect(
      vaultOf(knownCredential())(requestFor('sf-secret', { signal: AbortSignal.abort(reason) })),
    ).rejects.toBe(reason);
  });
});

describe('optionalPackage', () => {
  it('names what to install where a package is missing', async () => {
    const load = (): Promise<never> =>
      Promise.reject(Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' }));

    await expect(optionalPackage('@azure/identity', load, 'a and b')).rejects.toMatchObject({
      code: 'PLUGIN_MISSING',
      message: 'the package @azure/identity is not installed',
      hint: 'Install a and b.',
    });
  });

  it('lets other failures pass', async () => {
    await expect(optionalPackage('x', () => Promise.reject(new TypeError('broken')), 'x')).rejects.toThrow(TypeError);
  });
});
