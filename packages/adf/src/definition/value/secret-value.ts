import * as z from 'zod';

import { expression, text } from './dynamic-value.ts';
import { linkedServiceReference } from './reference.ts';

export const secureString = z
  .object({
    type: z.literal('SecureString'),
    value: z.string().meta({ description: 'The secret itself.', secret: true }),
  })
  .meta({ id: 'SecureString', description: 'A secret that stands in the definition.' });

export const vaultSecret = z
  .object({
    type: z.literal('AzureKeyVaultSecret'),
    store: linkedServiceReference.meta({ description: 'The linked service of the vault.' }),
    secretName: text('Name of the secret.'),
    secretVersion: text('Version of the secret. Default: the latest at each use.').optional(),
  })
  .meta({ id: 'AzureKeyVaultSecret', description: 'A secret in a vault, fetched when an activity runs.' });

export type CredentialSchema = z.ZodDiscriminatedUnion<[typeof secureString, typeof vaultSecret], 'type'>;

/** Where a secret belongs: it may not stand there bare. */
export function credential(description: string): CredentialSchema {
  return z.discriminatedUnion('type', [secureString, vaultSecret]).meta({ description });
}

export type ValueSettingSchema<Value extends z.ZodType> = z.ZodUnion<
  readonly [Value, z.ZodString, typeof expression, typeof vaultSecret]
>;

/** The same for what is a number or a boolean, and may be written as a text. */
export function valueSetting<Value extends z.ZodType>(description: string, value: Value): ValueSettingSchema<Value> {
  return z.union([value, z.string(), expression, vaultSecret]).meta({ description });
}

export type SettingSchema = z.ZodUnion<readonly [z.ZodString, typeof expression, typeof vaultSecret]>;

/** A property of a linked service that is no secret; it may be kept in a vault all the same. */
export function setting(description: string): SettingSchema {
  return z.union([z.string(), expression, vaultSecret]).meta({ description });
}
