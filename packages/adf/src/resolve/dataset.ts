import type { Dataset } from '../definition/factory.ts';
import { evaluateJson } from '../expression/expression-json.ts';
import { type ExpressionValue, isObject } from '../expression/expression-value.ts';
import { requireDataset } from '../run/find-definition.ts';
import { parameterValues } from '../run/parameter-value.ts';
import { type Lookup, type ResolvedLinkedService, resolveLinkedService } from './linked-service.ts';

export interface DatasetReference {
  readonly referenceName: string;
  readonly parameters?: unknown;
}

/** A dataset in use: its arguments are known, and so is where the data is. */
export interface OpenDataset {
  readonly name: string;
  readonly properties: Dataset['properties'];
  readonly linkedService: ResolvedLinkedService;
  /** Evaluates what stands in the dataset. */
  evaluate(json: unknown, path: string): ExpressionValue;
}

/**
 * Follows a reference: `evaluate` is that of whoever refers.
 *
 * @throws `CONFIG_INVALID` for what is not there; `SECRET_UNRESOLVED`; what expressions throw.
 */
export async function openDataset(
  reference: DatasetReference,
  evaluate: (json: unknown, path: string) => ExpressionValue,
  lookup: Lookup,
): Promise<OpenDataset> {
  const { name, properties } = requireDataset(lookup.factory, reference.referenceName);
  const given = evaluate(reference.parameters ?? {}, 'parameters of the dataset');
  const values = parameterValues(
    { what: `dataset ${name}`, parameters: properties.parameters },
    isObject(given) ? given : {},
  );
  const { clock, random, newId } = lookup.engine;
  const evaluateOwn = (json: unknown, path: string): ExpressionValue =>
    // Definitions were read from JSON.
    evaluateJson(json as ExpressionValue, { scope: { dataset: values }, clock, random, newGuid: newId }, path);
  const linkedService = await resolveLinkedService(properties.linkedServiceName, evaluateOwn, lookup);
  return { name, properties, linkedService, evaluate: evaluateOwn };
}
