import { readFile } from 'node:fs/promises';

import { SluiceError } from '../error/sluice-error.ts';
import type { SecretReference } from './secret-reference.ts';
import { Secret } from './secret.ts';

export interface SecretRequest {
  /** Reject with its reason as soon as it aborts. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Looks a secret up. Called each time one is needed; keeping it for a while is the provider's business.
 *
 * Errors must not hold the secret. A `SluiceError` passes through as it is.
 */
export type SecretProvider = (reference: SecretReference, request: SecretRequest) => string | Promise<string>;

export interface ResolveSecretOptions {
  readonly signal?: AbortSignal;
  /** By the name that references give. They come before the built-in `env` and `file`. */
  readonly providers?: Readonly<Record<string, SecretProvider>>;
}

const BUILT_IN: Readonly<Record<string, SecretProvider>> = { env: fromEnvironment, file: fromFile };

/**
 * The secret that a reference leads to; a secret that is at hand already comes back as it is.
 *
 * @throws `SECRET_UNRESOLVED` naming the variable, the file or the provider; `signal.reason` when aborted.
 */
export async function resolveSecret(
  reference: SecretReference | Secret,
  { signal, providers = {} }: ResolveSecretOptions = {},
): Promise<Secret> {
  if (Secret.is(reference)) return reference;
  signal?.throwIfAborted();
  const name = reference.secret;
  const own = [providers, BUILT_IN].find((some) => Object.hasOwn(some, name));
  if (own === undefined) {
    throw new SluiceError('SECRET_UNRESOLVED', `no provider is called "${name}"`, {
      hint: 'Give the provider, or refer to an environment variable or a file.',
    });
  }
  const text = await askProvider(own[name]!, reference, signal);
  if (typeof text !== 'string' || text === '') {
    throw new SluiceError('SECRET_UNRESOLVED', `the secret provider "${name}" gave no text`, {
      hint: 'Check that what the reference names exists and is not empty.',
    });
  }
  return new Secret(text);
}

async function askProvider(
  provider: SecretProvider,
  reference: SecretReference,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  try {
    return await provider(reference, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    if (SluiceError.is(cause)) throw cause;
    throw new SluiceError('SECRET_UNRESOLVED', `the secret provider "${reference.secret}" failed`, { cause });
  }
}

function fromEnvironment(reference: SecretReference): string {
  const name = textOf(reference, 'name');
  const text = process.env[name];
  if (text !== undefined && text !== '') return text;
  throw new SluiceError(
    'SECRET_UNRESOLVED',
    `the environment variable ${name} is ${text === undefined ? 'not set' : 'empty'}`,
    { hint: `Set ${name} for this process.` },
  );
}

async function fromFile(reference: SecretReference, { signal }: SecretRequest): Promise<string> {
  const path = textOf(reference, 'path');
  const hint = 'Check the path and that this process may read the file.';
  let bytes: Buffer;
  try {
    bytes = await readFile(path, { signal });
  } catch (cause) {
    throw new SluiceError('SECRET_UNRESOLVED', `the secret file ${path} cannot be read`, { cause, hint });
  }
  const text = decode(bytes)?.replace(/\r?\n$/, '');
  if (text === undefined) throw new SluiceError('SECRET_UNRESOLVED', `the secret file ${path} is not UTF-8 text`);
  if (text === '') throw new SluiceError('SECRET_UNRESOLVED', `the secret file ${path} is empty`);
  return text;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function textOf(reference: SecretReference, property: string): string {
  const value = reference[property];
  if (typeof value === 'string' && value !== '') return value;
  throw new SluiceError('SECRET_UNRESOLVED', `a reference to a secret of "${reference.secret}" has no ${property}`, {
    hint: `Give it as { "secret": "${reference.secret}", "${property}": "…" }.`,
  });
}
