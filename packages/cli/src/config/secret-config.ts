import { secret, type SecretReference } from '@sluice/core';
import * as z from 'zod';

const ENVIRONMENT = /^\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}$/;

/** Keys whose values are references to secrets: they are kept as they are, and resolved where they are used. */
export const SECRET_KEYS: ReadonlySet<string> = new Set(['clientSecret']);

export const SECRET_HINT =
  'Refer to the secret: ${env:NAME} for an environment variable, or { secret: file, path: … } for a file.';

const LITERAL_SECRET = 'holds a secret, and secrets must not stand in a configuration';

const fromVariable = z
  .string()
  .regex(ENVIRONMENT, { error: LITERAL_SECRET })
  .transform((text): SecretReference => secret.env(ENVIRONMENT.exec(text)![1]!))
  .meta({ description: 'An environment variable, as ${env:NAME}.' });

const reference = z.discriminatedUnion('secret', [
  z.strictObject({
    secret: z.literal('env').meta({ description: 'The value of an environment variable.' }),
    name: z.string().min(1).meta({ description: 'Name of the variable.' }),
  }),
  z.strictObject({
    secret: z.literal('file').meta({ description: 'The text of a file, without a line end at its end.' }),
    path: z.string().min(1).meta({ description: 'Path of the file; a relative one counts from this file.' }),
  }),
]);

/** Where a secret is; never the secret itself. */
export const secretConfig = z.union([fromVariable, reference], { error: 'must be a reference to a secret' });

export function isLiteralSecret(message: string): boolean {
  return message === LITERAL_SECRET;
}
