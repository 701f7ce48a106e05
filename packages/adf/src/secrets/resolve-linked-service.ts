import { Secret, SluiceError } from '@sluice/core';

import type { Factory, LinkedService } from '../definition/factory.ts';
import { evaluateJson } from '../expression/expression-json.ts';
import type { ExpressionContext } from '../expression/expression-scope.ts';
import { type ExpressionObject, type ExpressionValue, isArray, isObject } from '../expression/expression-value.ts';
import { parameterValues, typedValue } from '../run/parameter-value.ts';
import type { VaultCache } from './vault-cache.ts';

export interface LinkedServiceRequest {
  readonly factory: Factory;
  readonly linkedService: LinkedService;
  /** Evaluated. */
  readonly arguments: ExpressionObject;
  readonly vaults: VaultCache;
  /** Clock, randomness and such; its scope is not used: a linked service sees its own parameters alone. */
  readonly context: Omit<ExpressionContext, 'scope'>;
  readonly signal: AbortSignal | undefined;
}

/**
 * The type properties of a linked service with expressions evaluated and secrets in place of what names them.
 *
 * Texts of `SecureString` and of vaults are secrets. Vaults are asked now: never when a definition is read.
 *
 * @throws `CONFIG_INVALID` for arguments; `EXPRESSION_INVALID`, `EXPRESSION_FAILED`; `SECRET_UNRESOLVED` and what else a
 * vault says; `signal.reason` when aborted.
 */
export async function resolveLinkedService(request: LinkedServiceRequest): Promise<ExpressionObject> {
  const { linkedService } = request;
  const evaluated = evaluateProperties(request);
  const resolved = await resolveSecrets(evaluated, request, `${linkedService.path}.typeProperties`);
  return isObject(resolved) ? resolved : {};
}

function evaluateProperties({
  linkedService,
  arguments: given,
  context,
}: Omit<LinkedServiceRequest, 'vaults' | 'signal'>): ExpressionValue {
  const { name, path, properties } = linkedService;
  const values = parameterValues({ what: `the linked service ${name}`, parameters: properties.parameters }, given);
  return withSecrets(
    // A definition is JSON.
    properties.typeProperties as ExpressionValue,
    (json) => evaluateJson(json, { ...context, scope: { linkedService: values } }, `${path}.typeProperties`),
    linkedService,
  );
}

/** Evaluates everything; of a text that is a secret, an error tells nothing but that it is none that can be evaluated. */
function withSecrets(
  json: ExpressionValue,
  evaluate: (json: ExpressionValue) => ExpressionValue,
  { name: linkedServiceName, path }: LinkedService,
): ExpressionValue {
  if (!isObject(json)) return evaluate(json);
  const members = Object.entries(json).map(([name, value]): [string, ExpressionValue | undefined] => {
    if (!isObject(value) || value['type'] !== 'SecureString') {
      return [name, value === undefined ? value : evaluate(value)];
    }
    const what = `${path}.typeProperties.${name} of the linked service ${linkedServiceName}`;
    let secret: ExpressionValue | undefined;
    try {
      secret = typedValue('SecureString', evaluate(value['value'] ?? null));
    } catch (error) {
      if (!SluiceError.is(error)) throw error;
      throw new SluiceError(error.code, `${what} is read as an expression, and as one it is wrong`, {
        hint: 'Write @@ for an @ at its beginning, and @@{ for @{ within it.',
      });
    }
    if (Secret.is(secret)) return [name, secret];
    throw new SluiceError('CONFIG_INVALID', `${what} must be a text`);
  });
  return Object.fromEntries(members);
}

async function resolveSecrets(
  value: ExpressionValue,
  request: LinkedServiceRequest,
  path: string,
): Promise<ExpressionValue> {
  if (isArray(value)) {
    const items: ExpressionValue[] = [];
    for (const [index, item] of value.entries()) items.push(await resolveSecrets(item, request, `${path}[${index}]`));
    return items;
  }
  if (!isObject(value)) return value;
  if (value['type'] === 'AzureKeyVaultSecret') return await vaultSecret(value, request, path);
  const members: [string, ExpressionValue][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) members.push([name, await resolveSecrets(member, request, `${path}.${name}`)]);
  }
  return Object.fromEntries(members);
}

async function vaultSecret(
  { store, secretName, secretVersion }: ExpressionObject,
  request: LinkedServiceRequest,
  path: string,
): Promise<Secret> {
  const { factory, vaults, context, signal } = request;
  const reference = isObject(store) ? store : {};
  const name = reference['referenceName'];
  const vault = typeof name === 'string' ? factory.linkedServices.get(name) : undefined;
  if (vault?.properties.type !== 'AzureKeyVault') {
    throw new SluiceError('CONFIG_INVALID', `${path}.store must name a linked service of type AzureKeyVault`);
  }
  const given = reference['parameters'];
  const properties = evaluateProperties({
    factory,
    linkedService: vault,
    arguments: isObject(given) ? given : {},
    context,
  });
  const baseUrl = isObject(properties) ? properties['baseUrl'] : undefined;
  return await vaults.secret({
    vaultName: vault.name,
    baseUrl: requireText(baseUrl, `${vault.path}.typeProperties.baseUrl`),
    secretName: requireText(secretName, `${path}.secretName`),
    secretVersion:
      secretVersion === undefined || secretVersion === null || secretVersion === ''
        ? undefined
        : requireText(secretVersion, `${path}.secretVersion`),
    signal,
  });
}

function requireText(value: ExpressionValue | undefined, path: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new SluiceError('CONFIG_INVALID', `${path} must be a text that is not empty`);
}
