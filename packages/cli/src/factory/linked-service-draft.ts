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
  const secretName = await interview.text({
    option: '--secret-name or --secret-env',
    given: flags.secretName ?? (flags.secretEnv === undefined ? undefined : secretNameOf(flags.secretEnv)),
    text: 'Name of its consumer secret in the vault (sf-secret is SF_SECRET in the environment)',
  });
  const vault = await vaultService(flags, interview, factory);
  return {
    environmentUrl,
    authenticationType: 'OAuth2ClientCredentials',
    clientId,
    clientSecret: {
      type: 'AzureKeyVaultSecret',
      store: { referenceName: vault, type: 'LinkedServiceReference' },
      secretName,
    },
    apiVersion: flags.apiVersion ?? '60.0',
  };
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
