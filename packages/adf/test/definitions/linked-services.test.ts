import { describe, expect, it } from 'vitest';

import type { ReadOptions } from '../../src/load/factory-file.ts';
import { crm, disk, factoryOf, messagesOf, reference } from './factory-files.ts';

type Json = Readonly<Record<string, unknown>>;

const properties = crm['typeProperties'] as Json;

/** The errors of a Salesforce linked service with some properties replaced; those that are undefined left out. */
function errorsWith(changes: Json, options?: ReadOptions): readonly string[] {
  return messagesOf(read(changes, options)).map((message) => message.replace('properties.typeProperties.', ''));
}

function read(changes: Json, options?: ReadOptions): ReturnType<typeof factoryOf> {
  return factoryOf({ linkedServices: { crm: { ...crm, typeProperties: { ...properties, ...changes } } } }, options);
}

describe('a Salesforce linked service', () => {
  it('LS-01 LS-12 is taken with everything that may stand beside it', () => {
    const more = {
      annotations: ['a'],
      description: 'd',
      version: '1.0',
      connectVia: reference('AutoResolveIntegrationRuntime', 'IntegrationRuntimeReference'),
    };
    const { factory, problems } = factoryOf({ linkedServices: { crm: { ...crm, ...more } } });

    expect(problems).toEqual([]);
    expect(factory.linkedServices.get('CRM')?.properties).toMatchObject({ type: 'SalesforceV2', annotations: ['a'] });
  });

  it('LS-01 of an unknown type is refused with the type that was meant', () => {
    const { problems } = factoryOf({ linkedServices: { crm: { ...crm, type: 'SalesforceV3' } } });

    expect(problems).toMatchObject([
      { severity: 'error', path: 'properties.type', line: 4, hint: 'Did you mean "SalesforceV2"?' },
    ]);
  });

  it.each([
    ['LS-02 missing', { environmentUrl: undefined }, 'environmentUrl: is missing'],
    [
      'LS-02 not https',
      { environmentUrl: 'http://acme.my.salesforce.com' },
      'environmentUrl: must begin with https://',
    ],
    ['LS-02 no URL', { environmentUrl: 'acme' }, 'environmentUrl: is no URL'],
    ['LS-02 a number', { environmentUrl: 5 }, 'environmentUrl: must be a text, not a number'],
    ['LS-03 another login', { authenticationType: 'Basic' }, 'authenticationType: must be "OAuth2ClientCredentials"'],
    ['LS-04 missing', { clientId: undefined }, 'clientId: is missing'],
    ['LS-04 a colon', { clientId: 'a:b' }, 'clientId: holds a colon'],
    ['LS-05 missing', { clientSecret: undefined }, 'clientSecret: is missing'],
    ['LS-05 bare', { clientSecret: 'hush-hush' }, 'clientSecret: must be an object, not a text'],
    ['LS-06 missing', { apiVersion: undefined }, 'apiVersion: is missing'],
    ['LS-06 too old', { apiVersion: '46.0' }, 'apiVersion: 46.0 has no Bulk API 2.0; it must be at least 47.0'],
    ['LS-06 no version', { apiVersion: 'latest' }, 'apiVersion: must be a version such as 60.0'],
  ])('%s is refused', (_name, changes, expected) => {
    expect(errorsWith(changes)).toEqual([expected]);
  });

  it('LS-04 names the code Data Factory has for a colon', () => {
    expect(read({ clientId: 'a:b' }).problems).toMatchObject([{ factoryCode: 'OAuth2ClientIdColonNotAllowed' }]);
  });

  it.each([
    { environmentUrl: 'https://acme.my.salesforce.com/' },
    { environmentUrl: 'http://127.0.0.1:8080' },
    { apiVersion: 'v52' },
    { apiVersion: '52' },
  ])('LS-02 LS-06 %j is taken', (changes) => {
    expect(errorsWith(changes)).toEqual([]);
  });

  it('LS-02 at a login host is refused, which serves no client credentials', () => {
    expect(errorsWith({ environmentUrl: 'https://login.salesforce.com' })).toEqual([
      expect.stringMatching(/^environmentUrl: is a login host/),
    ]);
  });

  it('LS-02 within this machine may go without https, except for parity', () => {
    expect(errorsWith({ environmentUrl: 'http://localhost:8080' })).toEqual([]);
    expect(errorsWith({ environmentUrl: 'http://localhost:8080' }, { strict: true })).toEqual([
      'environmentUrl: must begin with https://',
    ]);
  });

  it('LS-06 takes the default version where there is one, and is strict where parity is asked for', () => {
    const lenient = read({ apiVersion: undefined }, { defaultApiVersion: '64.0' });

    expect(messagesOf(lenient)).toEqual([]);
    expect(messagesOf(lenient, 'warning')).toEqual(['properties.typeProperties.apiVersion: is missing; 64.0 is used']);
    expect(errorsWith({ apiVersion: undefined }, { defaultApiVersion: '64.0', strict: true })).toHaveLength(1);
  });

  it('LS-07 takes any runtime where nobody knows which there are, and says that it is not used', () => {
    const files = factoryOf({
      linkedServices: { crm: { ...crm, connectVia: reference('ir', 'IntegrationRuntimeReference') } },
    });
    const builtIn = reference('autoResolveIntegrationRuntime', 'IntegrationRuntimeReference');

    expect(messagesOf(files)).toEqual([]);
    expect(messagesOf(files, 'warning')).toEqual([
      'properties.connectVia.referenceName: the integration runtime "ir" is not used: everything runs in this process',
    ]);
    expect(messagesOf(factoryOf({ linkedServices: { crm: { ...crm, connectVia: builtIn } } }), 'warning')).toEqual([]);
  });

  it('LS-08 may keep any property in a vault, which has to be there and be one', () => {
    const secret = { type: 'AzureKeyVaultSecret', secretName: 's', store: reference('vault') };
    const vault = { type: 'AzureKeyVault', typeProperties: { baseUrl: 'https://acme.vault.azure.net' } };
    const changes = { environmentUrl: secret, clientId: secret, clientSecret: secret, apiVersion: secret };
    const withVaults = (vaults: Readonly<Record<string, Json>>): readonly string[] =>
      messagesOf(factoryOf({ linkedServices: { crm: { ...crm, typeProperties: changes }, ...vaults } }));

    expect(withVaults({ vault })).toEqual([]);
    expect(withVaults({})).toEqual(
      Object.keys(changes).map(
        (name) => `properties.typeProperties.${name}.store.referenceName: there is no linked service "vault"`,
      ),
    );
    expect(withVaults({ vault: disk })[0]).toMatch(
      /clientSecret.store: |environmentUrl.store: the linked service "vault" is no AzureKeyVault/,
    );
  });

  it('LS-11 sees its own parameters alone', () => {
    const own = { ...crm, parameters: { org: { type: 'string' } } };
    const withUrl = (environmentUrl: string): readonly string[] =>
      messagesOf(factoryOf({ linkedServices: { crm: { ...own, typeProperties: { ...properties, environmentUrl } } } }));

    expect(withUrl('https://@{linkedService().org}.my.salesforce.com')).toEqual([]);
    expect(withUrl('https://@{linkedService().ogr}.my.salesforce.com')).toEqual([
      expect.stringMatching(/there is no parameter "ogr"; there is: org \(line 1, column 26 of the text\)/),
    ]);
    expect(withUrl('@pipeline().parameters.url')).toEqual([expect.stringMatching(/pipeline cannot be read here/)]);
  });

  it('LS-12 ignores an encrypted credential beside a secret, and refuses it in place of one', () => {
    expect(errorsWith({ encryptedCredential: 'ew0K' })).toEqual([]);
    expect(errorsWith({ encryptedCredential: 'ew0K', clientSecret: undefined })).toEqual([
      'clientSecret: is missing',
      'encryptedCredential: can be read only by the factory that wrote it',
    ]);
  });

  it('KV-06 is never shown with its secret, whatever is wrong with it', () => {
    const secrets = ['@hush-hush(', '@{hush-hush}', "@concat('hush-hush'"];
    for (const value of secrets) {
      const { problems } = read({ clientSecret: { type: 'SecureString', value }, clientId: 'a:b' });

      expect(problems).toHaveLength(2);
      expect(JSON.stringify(problems)).not.toContain('hush');
    }
  });

  it('KV-06 with the mask of a secret is refused', () => {
    expect(errorsWith({ clientSecret: { type: 'SecureString', value: '**********' } })).toEqual([
      expect.stringMatching(/clientSecret.value: is the mask/),
    ]);
  });

  it('CP-03 keeps what is not known, and warns with the name that was meant', () => {
    const { problems } = read({ enviromentUrl: 'x' });

    expect(problems).toMatchObject([
      { severity: 'warning', path: 'properties.typeProperties.enviromentUrl', hint: 'Did you mean "environmentUrl"?' },
    ]);
  });

  it('CFG-01 may be spelled in any case', () => {
    const { factory, problems } = factoryOf({
      linkedServices: {
        crm: { Type: 'salesforcev2', TypeProperties: { ...properties, ClientID: 'key', clientId: undefined } },
      },
    });

    expect(problems).toMatchObject([{ severity: 'warning', message: 'is spelled "SalesforceV2" by Data Factory' }]);
    expect(factory.linkedServices.get('crm')?.properties).toMatchObject({ typeProperties: { clientId: 'key' } });
  });

  it('refuses a property that is there in two spellings', () => {
    expect(errorsWith({ clientid: 'other' })).toEqual(['clientid: is there twice, as clientId and as clientid']);
  });

  it('SC-01 may be one of Service Cloud', () => {
    expect(factoryOf({ linkedServices: { crm: { ...crm, type: 'SalesforceServiceCloudV2' } } }).problems).toEqual([]);
  });
});

describe('a vault', () => {
  it.each([
    ['KV-01 without a URL', {}, 'baseUrl: is missing'],
    ['KV-01 in the clear', { baseUrl: 'http://acme.vault.azure.net' }, 'baseUrl: must begin with https://'],
  ])('%s is refused', (_name, typeProperties, expected) => {
    const read = factoryOf({ linkedServices: { vault: { type: 'AzureKeyVault', typeProperties } } });

    expect(messagesOf(read)).toEqual([`properties.typeProperties.${expected}`]);
  });

  it('KV-02 KV-04 names a secret by a text or an expression, and needs a name', () => {
    const vault = { type: 'AzureKeyVault', typeProperties: { baseUrl: 'https://acme.vault.azure.net' } };
    const withSecret = (secret: Json): readonly string[] =>
      messagesOf(
        factoryOf({
          linkedServices: {
            vault,
            crm: {
              ...crm,
              parameters: { env: { type: 'String' } },
              typeProperties: {
                ...properties,
                clientSecret: { type: 'AzureKeyVaultSecret', store: reference('vault'), ...secret },
              },
            },
          },
        }),
      );

    expect(withSecret({ secretName: "@concat('sf-', linkedService().env)", secretVersion: '1' })).toEqual([]);
    expect(withSecret({})).toEqual(['properties.typeProperties.clientSecret.secretName: is missing']);
    expect(withSecret({ secretName: '@linkedService().evn' })).toHaveLength(1);
  });
});

describe('a file server', () => {
  it('ST-01 needs a host, and is used as the user who runs this', () => {
    const withProperties = (typeProperties: Json): ReturnType<typeof factoryOf> =>
      factoryOf({ linkedServices: { disk: { ...disk, typeProperties } } });

    expect(messagesOf(withProperties({}))).toEqual(['properties.typeProperties.host: is missing']);
    expect(messagesOf(withProperties({ host: '' }))).toEqual(['properties.typeProperties.host: must not be empty']);
    expect(messagesOf(withProperties({ host: '/data', userid: 'me' }), 'warning')).toEqual([
      'properties.typeProperties.userId: is not used: files are read and written as the user who runs this',
    ]);
  });
});

describe('a linked service of a connector that is not here', () => {
  it('ST-03 is told from a misspelt one, and stops nobody who does not use it', () => {
    const { problems } = factoryOf({ linkedServices: { lake: { type: 'AzureBlobFS', typeProperties: { url: 'x' } } } });

    expect(problems).toMatchObject([
      { severity: 'warning', code: 'CONNECTOR_MISSING', message: expect.stringContaining('AzureBlobFS') },
    ]);
  });
});
