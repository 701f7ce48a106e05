import type { Dataset } from '../definition/factory.ts';
import { evaluateJson } from '../expression/expression-json.ts';
import { type ExpressionValue, isObject } from '../expression/expression-value.ts';
import { requireDataset } from '../run/find-definition.ts';
import { parameterValues } from '../run/parameter-value.ts';
import type { LinkedServiceRequest } from '../secrets/resolve-linked-service.ts';
import { type Following, linkedServiceRequest } from './linked-service.ts';

export interface DatasetReference {
  readonly referenceName: string;
  readonly parameters?: unknown;
}

/** A dataset in use: its arguments are known, and so is where the data is. */
export interface OpenDataset {
  readonly name: string;
  readonly properties: Dataset['properties'];
  readonly linkedService: LinkedServiceRequest;
  /** Evaluates what stands in the dataset. */
  evaluate(json: unknown, path: string): ExpressionValue;
}

/**
 * Follows a reference: `evaluate` is that of whoever refers.
 *
 * @throws `CONFIG_INVALID` for what is not there; what expressions throw.
 */
export function openDataset(
  { referenceName, parameters = {} }: DatasetReference,
  evaluate: (json: unknown, path: string) => ExpressionValue,
  following: Following,
): OpenDataset {
  const { name, properties } = requireDataset(following.factory, referenceName);
  const given = evaluate(parameters, `parameters of the dataset ${name}`);
  const values = parameterValues(
    { what: `the dataset ${name}`, parameters: properties.parameters },
    isObject(given) ? given : {},
  );
  const { clock, random, newId } = following.engine;
  const evaluateOwn = (json: unknown, path: string): ExpressionValue =>
    // Definitions were read from JSON.
    evaluateJson(json as ExpressionValue, { scope: { dataset: values }, clock, random, newGuid: newId }, path);
  const linkedService = linkedServiceRequest(properties.linkedServiceName, evaluateOwn, following);
  return { name, properties, linkedService, evaluate: evaluateOwn };
}
