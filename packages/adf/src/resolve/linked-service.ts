import { Secret } from '@sluice/core';

import type { Factory, LinkedService } from '../definition/factory.ts';
import { evaluateJson } from '../expression/expression-json.ts';
import { type ExpressionObject, type ExpressionValue, isObject } from '../expression/expression-value.ts';
import { requireLinkedService } from '../run/find-definition.ts';
import { parameterValues } from '../run/parameter-value.ts';
import type { RunEngine } from '../run/run-engine.ts';
import { invalidValue, requireText, textOfSecret } from '../run/run-value.ts';
import type { SecretSource } from './secret-source.ts';

/** A linked service whose expressions are evaluated and whose secrets are at hand. */
export interface ResolvedLinkedService {
  readonly name: string;
  readonly type: LinkedService['properties']['type'];
  /** Texts and secrets by property. */
  readonly settings: ReadonlyMap<string, string | Secret>;
}

export interface LinkedServiceReference {
  readonly referenceName: string;
  readonly parameters?: unknown;
}

export interface Lookup {
  readonly factory: Factory;
  readonly engine: Pick<RunEngine, 'clock' | 'random' | 'newId' | 'redaction'>;
  readonly secrets: SecretSource;
  readonly signal: AbortSignal;
}

/**
 * Follows a reference: `evaluate` is that of whoever refers.
 *
 * @throws `CONFIG_INVALID` for what is not there; `SECRET_UNRESOLVED`; what expressions throw.
 */
export async function resolveLinkedService(
  reference: LinkedServiceReference,
  evaluate: (json: unknown, path: string) => ExpressionValue,
  lookup: Lookup,
): Promise<ResolvedLinkedService> {
  const linkedService = requireLinkedService(lookup.factory, reference.referenceName);
  const { name, properties } = linkedService;
  const given = evaluate(reference.parameters ?? {}, 'linkedServiceName.parameters');
  const args = isObject(given) ? given : {};
  const values = parameterValues({ what: `linked service ${name}`, parameters: properties.parameters }, args);
  const { clock, random, newId } = lookup.engine;
  const evaluateOwn = (json: unknown, path: string): ExpressionValue =>
    // Definitions were read from JSON.
    evaluateJson(json as ExpressionValue, { scope: { linkedService: values }, clock, random, newGuid: newId }, path);
  const settings = new Map<string, string | Secret>();
  for (const [property, value] of Object.entries(Object(properties.typeProperties) as ExpressionObject)) {
    const path = `${name}.typeProperties.${property}`;
    const setting = value === undefined ? undefined : await settingOf(value, path, evaluateOwn, lookup);
    if (setting !== undefined) settings.set(property, setting);
  }
  return { name, type: properties.type, settings };
}

async function settingOf(
  value: ExpressionValue,
  path: string,
  evaluate: (json: unknown, path: string) => ExpressionValue,
  lookup: Lookup,
): Promise<string | Secret | undefined> {
  if (isObject(value) && value['type'] === 'SecureString') {
    // What is written there is the secret, whatever it looks like, unless it is an expression.
    return secretOf(evaluate(value['value'] ?? null, path), path);
  }
  if (isObject(value) && value['type'] === 'AzureKeyVaultSecret')
    return await vaultSecret(value, path, evaluate, lookup);
  const evaluated = evaluate(value, path);
  if (typeof evaluated === 'object' && evaluated !== null && !Secret.is(evaluated)) return undefined;
  return evaluated === null ? undefined : requireText(evaluated, path);
}

async function vaultSecret(
  { store, secretName, secretVersion }: ExpressionObject,
  path: string,
  evaluate: (json: unknown, path: string) => ExpressionValue,
  lookup: Lookup,
): Promise<Secret> {
  const { redaction } = lookup.engine;
  const textOf = (value: ExpressionValue, place: string): string => redaction.reveal(requireText(value, place));
  // The schema has seen to it that there is a reference.
  const vault = await resolveLinkedService(store as unknown as LinkedServiceReference, evaluate, lookup);
  const baseUrl = vault.settings.get('baseUrl');
  if (baseUrl === undefined) throw invalidValue(`${vault.name}.typeProperties.baseUrl`, 'a URL');
  return await lookup.secrets.vaultSecret(
    {
      vault: vault.name,
      baseUrl: textOfSecret(baseUrl),
      secretName: textOf(evaluate(secretName ?? null, `${path}.secretName`), `${path}.secretName`),
      secretVersion:
        secretVersion === undefined
          ? undefined
          : textOf(evaluate(secretVersion, `${path}.secretVersion`), `${path}.secretVersion`),
    },
    lookup.signal,
  );
}

function secretOf(value: ExpressionValue, path: string): Secret {
  const text = requireText(value, path);
  return typeof text === 'string' ? new Secret(text) : text;
}
