import type { JsonObject } from '../contract/json.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { Secret } from './secret.ts';

/**
 * Says where a secret is, without holding it: plain JSON, resolved where the secret is used. `secret` names the
 * provider, the other properties are the provider's.
 */
export type SecretReference = JsonObject & { readonly secret: string };

export const secret = {
  /** The value of an environment variable. */
  env(name: string): SecretReference {
    if (name === '' || name.includes('=')) {
      throw new SluiceError('CONFIG_INVALID', 'secret.env: the name of an environment variable is empty or holds "="');
    }
    return { secret: 'env', name };
  },

  /** The text of a file, UTF-8; one line end at its end is not part of it. */
  file(path: string): SecretReference {
    if (path === '') throw new SluiceError('CONFIG_INVALID', 'secret.file: the path is empty');
    return { secret: 'file', path };
  },

  /** What a provider of the caller's own knows how to find, such as `secret.from('vault', { path: 'crm' })`. */
  from(provider: string, properties: JsonObject = {}): SecretReference {
    if (provider === '') throw new SluiceError('CONFIG_INVALID', 'secret.from: the name of the provider is empty');
    return { ...properties, secret: provider };
  },

  /** A secret that is at hand. It is no reference: it cannot be serialised. */
  value(text: string): Secret {
    // What comes from an environment or a file at run time may not be what the types say.
    if (typeof text !== 'string' || text === '') {
      throw new SluiceError('CONFIG_INVALID', 'secret.value: the secret is not a text or is empty');
    }
    return new Secret(text);
  },
} as const;

export function isSecretReference(value: unknown): value is SecretReference {
  if (typeof value !== 'object' || value === null || Secret.is(value)) return false;
  return 'secret' in value && typeof value.secret === 'string' && value.secret !== '';
}
