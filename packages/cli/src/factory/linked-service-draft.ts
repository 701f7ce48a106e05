import type { Factory } from '@sluice/adf';
import { SluiceError } from '@sluice/core';

import { LINKED_SERVICE_TYPES } from './definition-types.ts';
import type { Interview } from './interview.ts';

export interface LinkedServiceFlags {
  readonly type?: string;
  readonly environmentUrl?: string;
  readonly clientId?: string;
  readonly secretName?: string;
  readonly secretEnv?: string;
  readonly vaultService?: string;
  readonly apiVersion?: string;
  readonly server?: string;
  readonly database?: string;
  readonly username?: string;
  readonly host?: string;
  readonly baseUrl?: string;
}

/** Properties of a linked service. A secret is a reference to a vault, never the secret itself. */
export async function linkedServiceDraft(
  flags: LinkedServiceFlags,
  interview: Interview,
  factory: Factory,
): Promise<object> {
  const type = await interview.choice(
    { option: '--type', given: flags.type, text: 'Type of the linked service', fallback: 'SalesforceV2' },
    LINKED_SERVICE_TYPES,
  );
  switch (type) {
    case 'FileServer': {
      const host = await interview.text({ option: '--host', given: flags.host, text: 'Folder that holds the files' });
      return { type, typeProperties: { host } };
    }
    case 'AzurePostgreSql':
      return { type, version: '2.0', typeProperties: await databaseProperties(flags, interview, factory) };
    case 'AzureKeyVault': {
      const text = 'URL of the vault, such as https://acme.vault.azure.net';
      return {
        type,
        typeProperties: { baseUrl: await interview.text({ option: '--base-url', given: flags.baseUrl, text }) },
      };
    }
    default:
      return { type, typeProperties: await salesforceProperties(flags, interview, factory) };
  }
}

async function databaseProperties(flags: LinkedServiceFlags, interview: Interview, factory: Factory): Promise<object> {
  const ask = async (option: 'server' | 'database' | 'username', text: string): Promise<string> =>
    await interview.text({ option: `--${option}`, given: flags[option], text });
  const server = await ask('server', 'Name of the server, and its port where it is not 5432: db.example.com:5433');
  const database = await ask('database', 'Name of the database');
  const username = await ask('username', 'Role to log in as');
  return {
    server,
    database,
    sslMode: 2,
    username,
    password: await secretReference('its password', 'pg-password', flags, interview, factory),
  };
}

async function salesforceProperties(
  flags: LinkedServiceFlags,
  interview: Interview,
  factory: Factory,
): Promise<object> {
  const environmentUrl = await interview.text({
    option: '--environment-url',
    given: flags.environmentUrl,
    text: "The org's own domain, such as https://acme.my.salesforce.com",
  });
  const clientId = await interview.text({
    option: '--client-id',
    given: flags.clientId,
    text: 'Consumer key of the connected app',
  });
  const clientSecret = await secretReference('its consumer secret', 'sf-secret', flags, interview, factory);
  return {
    environmentUrl,
    authenticationType: 'OAuth2ClientCredentials',
    clientId,
    clientSecret,
    apiVersion: flags.apiVersion ?? '60.0',
  };
}

/** Where a secret is, as definitions have it. */
async function secretReference(
  what: string,
  example: string,
  flags: LinkedServiceFlags,
  interview: Interview,
  factory: Factory,
): Promise<object> {
  const variable = example.toUpperCase().replaceAll('-', '_');
  const secretName = await interview.text({
    option: '--secret-name or --secret-env',
    given: flags.secretName ?? (flags.secretEnv === undefined ? undefined : secretNameOf(flags.secretEnv)),
    text: `Name of ${what} in the vault (${example} is ${variable} in the environment)`,
  });
  const referenceName = await vaultService(flags, interview, factory);
  return { type: 'AzureKeyVaultSecret', store: { referenceName, type: 'LinkedServiceReference' }, secretName };
}

/** The name under which `--vault env` finds the variable. */
function secretNameOf(variable: string): string {
  if (/^[A-Z][A-Z0-9_]*$/.test(variable)) return variable.toLowerCase().replaceAll('_', '-');
  throw new SluiceError('CONFIG_INVALID', '--secret-env names no variable that --vault env can find', {
    hint: 'Use the name of a variable in capital letters, digits and _, such as SF_SECRET; never the secret itself.',
  });
}

async function vaultService(
  { vaultService: given }: LinkedServiceFlags,
  interview: Interview,
  { linkedServices }: Factory,
): Promise<string> {
  const vaults = [...linkedServices].filter(({ properties }) => properties.type === 'AzureKeyVault');
  if (vaults.length === 0 && given === undefined) {
    throw new SluiceError('CONFIG_INVALID', 'the factory has no linked service of a vault, where the secret would be', {
      hint:
        'Make one first: sluice new linked-service <factory> vault --type AzureKeyVault --base-url <url>. ' +
        'With --vault env, its secrets are taken from the environment and nobody asks the vault.',
    });
  }
  const [only] = vaults.length === 1 ? vaults : [];
  return await interview.text({
    option: '--vault-service',
    given: given ?? only?.name,
    text: `Linked service of the vault (${vaults.map(({ name }) => name).join(', ')})`,
  });
}
