import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { Secret } from '@sluice/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ExpressionObject } from '../../src/expression/expression-value.ts';
import { fileServerRoot, salesforceConnection } from '../../src/secrets/connections.ts';
import { environmentVault, firstVault, folderVault, memoryVault } from '../../src/secrets/local-vaults.ts';
import { VaultCache } from '../../src/secrets/vault-cache.ts';
import type { VaultProvider, VaultRequest } from '../../src/secrets/vault-provider.ts';
import { crm, disk, factoryOf, reference } from '../definitions/factory-files.ts';

type Json = Readonly<Record<string, unknown>>;

const properties = crm['typeProperties'] as Json;
const inVault = (secretName: string, more: Json = {}): Json => ({
  type: 'AzureKeyVaultSecret',
  secretName,
  store: reference('vault'),
  ...more,
});

interface Setup {
  readonly changes?: Json;
  readonly parameters?: Json;
  readonly args?: ExpressionObject;
  readonly provider?: VaultProvider;
  readonly vault?: Json;
}

function connect({
  changes = {},
  parameters = {},
  args = {},
  provider,
  vault = {},
}: Setup): ReturnType<typeof salesforceConnection> {
  const { factory } = factoryOf({
    linkedServices: {
      crm: { ...crm, parameters, typeProperties: { ...properties, ...changes } },
      vault: { type: 'AzureKeyVault', typeProperties: { baseUrl: 'https://acme.vault.azure.net' }, ...vault },
    },
  });
  return salesforceConnection({
    factory,
    linkedService: factory.linkedServices.get('crm')!,
    arguments: args,
    vaults: new VaultCache(provider),
    context: {},
    signal: undefined,
  });
}

const request = (secretName: string, more: Partial<VaultRequest> = {}): VaultRequest => ({
  vaultName: 'vault',
  baseUrl: 'https://acme.vault.azure.net',
  secretName,
  secretVersion: undefined,
  signal: undefined,
  ...more,
});

describe('the connection of a Salesforce linked service', () => {
  it('LS-05 KV-06 has what the definition says, its secret as one', async () => {
    const connection = await connect({});

    expect(connection).toMatchObject({
      environmentUrl: 'https://acme.my.salesforce.com',
      clientId: 'key',
      apiVersion: '60.0',
    });
    expect(connection.clientSecret.reveal()).toBe('hush-hush');
    expect(inspect(connection) + JSON.stringify(connection)).not.toContain('hush');
  });

  it('LS-06 spells versions as URLs have them', async () => {
    expect((await connect({ changes: { apiVersion: 'v52' } })).apiVersion).toBe('52.0');
  });

  it('LS-08 KV-02 may keep everything in a vault, versions pinned or latest', async () => {
    const asked: VaultRequest[] = [];
    const provider: VaultProvider = async (asking) => {
      asked.push(asking);
      return { url: 'https://other.my.salesforce.com', id: 'other', secret: 'hush', version: '58.0' }[
        asking.secretName
      ];
    };

    const connection = await connect({
      provider,
      changes: {
        environmentUrl: inVault('url'),
        clientId: inVault('id'),
        clientSecret: inVault('secret', { secretVersion: '0f3a' }),
        apiVersion: inVault('version'),
      },
    });

    expect(connection).toMatchObject({
      environmentUrl: 'https://other.my.salesforce.com',
      clientId: 'other',
      apiVersion: '58.0',
    });
    expect(asked.map(({ secretName, secretVersion }) => [secretName, secretVersion])).toEqual([
      ['url', undefined],
      ['id', undefined],
      ['secret', '0f3a'],
      ['version', undefined],
    ]);
    expect(asked[0]).toMatchObject({ vaultName: 'vault', baseUrl: 'https://acme.vault.azure.net' });
  });

  it('LS-11 KV-04 evaluates with its own parameters, names of secrets too, and those of the vault with its', async () => {
    const vault = {
      parameters: { name: { type: 'String' } },
      typeProperties: { baseUrl: 'https://@{linkedService().name}.vault.azure.net' },
    };
    const asked: VaultRequest[] = [];
    const provider: VaultProvider = async (asking) => {
      asked.push(asking);
      return 'hush';
    };
    const store = reference('vault', 'LinkedServiceReference', { name: '@linkedService().org' });

    const connection = await connect({
      provider,
      vault,
      parameters: { org: { type: 'String', defaultValue: 'acme' } },
      args: { ORG: 'west' },
      changes: {
        environmentUrl: 'https://@{linkedService().org}.my.salesforce.com',
        clientSecret: inVault("@concat('sf-', linkedService().org)", { store }),
      },
    });

    expect(connection.environmentUrl).toBe('https://west.my.salesforce.com');
    expect(asked).toMatchObject([{ secretName: 'sf-west', baseUrl: 'https://west.vault.azure.net' }]);
  });

  it('LS-11 needs a value for every parameter', async () => {
    await expect(connect({ parameters: { org: { type: 'String' } } })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('"org"'),
    });
  });

  it('KV-06 takes a secret from a secure parameter, and unescapes it', async () => {
    const secure = {
      parameters: { pw: { type: 'SecureString' } },
      args: { pw: new Secret('hush') },
      changes: { clientSecret: { type: 'SecureString', value: '@{linkedService().pw}' } },
    };

    expect((await connect(secure)).clientSecret.reveal()).toBe('hush');
    expect(
      (await connect({ changes: { clientSecret: { type: 'SecureString', value: '@@hush' } } })).clientSecret.reveal(),
    ).toBe('@hush');
  });

  it('KV-06 tells nothing of a secret that cannot be evaluated', async () => {
    const failure: unknown = await connect({
      changes: { clientSecret: { type: 'SecureString', value: '@hush(' } },
    }).catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: 'EXPRESSION_INVALID', hint: expect.stringContaining('@@') });
    expect(inspect(failure, { depth: 5 })).not.toContain('hush(');
  });

  it('KV-05 says that nothing provides secrets', async () => {
    await expect(connect({ changes: { clientSecret: inVault('secret') } })).rejects.toMatchObject({
      code: 'SECRET_UNRESOLVED',
      message: 'nothing provides secrets of the vault vault',
    });
  });

  it('LS-04 refuses a client id with a colon, wherever it comes from', async () => {
    await expect(
      connect({ changes: { clientId: inVault('id') }, provider: memoryVault({ id: 'a:b' }) }),
    ).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('is not that of another linked service', async () => {
    const { factory } = factoryOf({ linkedServices: { disk } });
    const asking = {
      factory,
      linkedService: factory.linkedServices.get('disk')!,
      arguments: {},
      vaults: new VaultCache(undefined),
      context: {},
      signal: undefined,
    };

    await expect(salesforceConnection(asking)).rejects.toMatchObject({
      message: 'the linked service disk is of type FileServer, not SalesforceV2',
    });
    await expect(fileServerRoot(asking)).resolves.toBe('/data');
  });
});

describe('VaultCache', () => {
  it('KV-03 asks once for each secret, when it is needed', async () => {
    let lookups = 0;
    const cache = new VaultCache(async () => {
      lookups += 1;
      return 'hush';
    });

    expect(lookups).toBe(0);
    await Promise.all([cache.secret(request('a')), cache.secret(request('a'))]);
    await cache.secret(request('a', { secretVersion: '1' }));

    expect(lookups).toBe(2);
  });

  it('asks again after a failure', async () => {
    let lookups = 0;
    const cache = new VaultCache(async () => {
      lookups += 1;
      if (lookups === 1) throw new TypeError('hush');
      return 'hush';
    });

    await expect(cache.secret(request('a'))).rejects.toMatchObject({
      code: 'SECRET_UNRESOLVED',
      message: 'the provider of the vault vault failed',
    });
    await expect(cache.secret(request('a'))).resolves.toBeInstanceOf(Secret);
  });

  it('KV-02 says which secret of which vault is missing or empty', async () => {
    for (const provider of [memoryVault({}), memoryVault({ a: '' })]) {
      await expect(new VaultCache(provider).secret(request('a'))).rejects.toMatchObject({
        code: 'SECRET_UNRESOLVED',
        message: 'the vault vault (https://acme.vault.azure.net) has no secret "a"',
      });
    }
  });
});

describe('KV-05 vaults without Azure', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-vault-'));
    await mkdir(join(folder, 'other'));
    await writeFile(join(folder, 'sf-secret'), 'hush\n');
    await writeFile(join(folder, 'other', 'sf-secret'), 'other');
    await writeFile(join(folder, 'binary'), Uint8Array.of(0xff));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const textOf = async (provider: VaultProvider, asking: VaultRequest): Promise<string | undefined> => {
    const secret = await provider(asking);
    return Secret.is(secret) ? secret.reveal() : secret;
  };

  it('may be in memory, by name or by name and version', async () => {
    const vault = memoryVault({ a: 'latest', 'a/1': 'first' });

    expect(await textOf(vault, request('a'))).toBe('latest');
    expect(await textOf(vault, request('a', { secretVersion: '1' }))).toBe('first');
    expect(await textOf(vault, request('toString'))).toBeUndefined();
  });

  it('may be the environment, names spelled as variables are', async () => {
    const vault = environmentVault({ prefix: 'VAULT_', env: { VAULT_SF_SECRET: 'hush', VAULT_EMPTY: '' } });

    expect(await textOf(vault, request('sf-secret'))).toBe('hush');
    expect(await textOf(vault, request('empty'))).toBeUndefined();
  });

  it('may be a folder, with a folder for each vault', async () => {
    const vault = folderVault(folder);

    expect(await textOf(vault, request('sf-secret'))).toBe('hush');
    expect(await textOf(vault, request('sf-secret', { vaultName: 'other' }))).toBe('other');
    expect(await textOf(vault, request('missing'))).toBeUndefined();
    await expect(vault(request('binary'))).rejects.toMatchObject({ code: 'SECRET_UNRESOLVED' });
  });

  it('reads no file outside of its folder', async () => {
    await expect(folderVault(folder)(request('../sf-secret'))).rejects.toMatchObject({ code: 'SECRET_UNRESOLVED' });
    expect(await textOf(folderVault(join(folder, 'other')), request('sf-secret', { vaultName: '..' }))).toBe('other');
  });

  it('may be several, of which the first that has a secret gives it', async () => {
    const vault = firstVault(memoryVault({}), memoryVault({ a: '1' }), memoryVault({ a: '2' }));

    expect(await textOf(vault, request('a'))).toBe('1');
    expect(await textOf(vault, request('b'))).toBeUndefined();
  });
});
