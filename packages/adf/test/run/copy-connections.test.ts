import { refuseLogin } from '@sluice/salesforce-emulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { reference } from '../definitions/factory-files.ts';
import { activityOf } from './control-run.ts';
import { type CopyWorkspace, copyWorkspace, itemsOrg } from './copy-workspace.ts';

let workspace: CopyWorkspace;

afterEach(async () => {
  await workspace[Symbol.asyncDispose]();
});

describe('connections of a copy', () => {
  beforeEach(async () => {
    workspace = await copyWorkspace({ org: itemsOrg() });
  });

  it('LS-09 LS-10 ERR-02 names the code of Data Factory and probable causes where the login is refused', async () => {
    workspace.emulator.faults.add({ match: { path: '/token' }, action: refuseLogin('noRunAsUser') });
    const { run } = await workspace.copy({ query: 'SELECT Name FROM Item__c' });

    const { error } = activityOf(run, 'Copy');
    expect(error).toMatchObject({ errorCode: '2200', failureType: 'UserError' });
    expect(error?.message).toContain(
      "Failure happened on 'Source' side. ErrorCode=SalesforceOauth2ClientCredentialFailure,",
    );
    for (const cause of ['client credentials flow', 'api scope', 'Run As user', 'API Only']) {
      expect(error?.message).toContain(cause);
    }
  });

  it('LS-05 shows the secret of a linked service nowhere', async () => {
    const events: string[] = [];
    const { run } = await workspace.copy(
      { query: 'SELECT Name FROM Item__c' },
      { onEvent: (event) => events.push(JSON.stringify(event)) },
    );

    expect(run.status).toBe('Succeeded');
    expect(JSON.stringify(run) + events.join()).not.toContain(workspace.emulator.clientSecret);
  });

  it('LS-08 KV-02 KV-03 takes any property from a vault when the activity runs, and shows none of them', async () => {
    const asked: string[] = [];
    const { emulator } = workspace;
    const inVault = (secretName: string) => ({
      type: 'AzureKeyVaultSecret',
      secretName,
      store: reference('vault'),
    });
    const vaulted = {
      vault: { type: 'AzureKeyVault', typeProperties: { baseUrl: 'https://acme.vault.azure.net' } },
      crm: {
        type: 'SalesforceV2',
        typeProperties: {
          environmentUrl: inVault('url'),
          clientId: inVault('id'),
          clientSecret: inVault('secret'),
          apiVersion: '60.0',
        },
      },
    };
    const secrets: Readonly<Record<string, string>> = {
      url: emulator.url,
      id: emulator.clientId,
      secret: emulator.clientSecret,
    };
    const run = async (vaults: typeof secrets) =>
      await workspace.copy(
        { query: 'SELECT Name FROM Item__c' },
        {
          parts: { linkedServices: vaulted },
          async vaults({ secretName }) {
            asked.push(secretName);
            return vaults[secretName];
          },
        },
      );
    const good = await run(secrets);
    const bad = await run({ ...secrets, url: 'http://127.0.0.1:1' });
    const missing = await run({});

    expect(good.run.status).toBe('Succeeded');
    expect(asked.slice(0, 3).toSorted()).toEqual(['id', 'secret', 'url']);
    expect(bad.run.status).toBe('Failed');
    expect(JSON.stringify([good, bad])).not.toMatch(
      new RegExp(`${emulator.clientSecret}|${emulator.clientId}|127\\.0\\.0\\.1`),
    );
    expect(missing.run.message).toContain('ErrorCode=SECRET_UNRESOLVED');
  });

  it('LS-11 DS-07 resolves parameters of linked services and datasets for each reference', async () => {
    const { url, clientId, clientSecret } = workspace.emulator;
    const crm = {
      type: 'SalesforceV2',
      parameters: { host: { type: 'String' }, version: { type: 'String', defaultValue: 'v61' } },
      typeProperties: {
        environmentUrl: '@{linkedService().host}/',
        clientId,
        clientSecret: { type: 'SecureString', value: clientSecret },
        apiVersion: '@linkedService().version',
      },
    };
    const object = {
      type: 'SalesforceV2Object',
      parameters: { host: { type: 'String' }, object: { type: 'String' } },
      linkedServiceName: reference('crm', 'LinkedServiceReference', { host: '@dataset().host' }),
      typeProperties: { objectApiName: '@dataset().object' },
    };
    const { run } = await workspace.copy(
      {
        activity: {
          inputs: [reference('object', 'DatasetReference', { host: '@pipeline().parameters.host', object: 'Item__c' })],
        },
      },
      {
        parts: { linkedServices: { crm }, datasets: { object } },
        pipeline: { parameters: { host: { type: 'String' } } },
        parameters: { host: url },
      },
    );

    expect(run.message).toBe('');
    expect(workspace.emulator.requests.matching({ path: '/services/data/v61.0/jobs/query' }).length).toBeGreaterThan(0);
  });
});
