import type { Factory } from '../definition/factory.ts';
import { type ExpressionValue, isObject } from '../expression/expression-value.ts';
import { requireLinkedService } from '../run/find-definition.ts';
import type { RunEngine } from '../run/run-engine.ts';
import type { LinkedServiceRequest } from '../secrets/resolve-linked-service.ts';
import type { VaultCache } from '../secrets/vault-cache.ts';

export interface LinkedServiceReference {
  readonly referenceName: string;
  readonly parameters?: unknown;
}

/** What references are followed with. */
export interface Following {
  readonly factory: Factory;
  readonly engine: Pick<RunEngine, 'clock' | 'random' | 'newId' | 'redaction'>;
  readonly vaults: VaultCache;
  readonly signal: AbortSignal;
}

/**
 * The linked service that is referred to, and all it takes to resolve it. `evaluate` is that of whoever refers.
 *
 * @throws `CONFIG_INVALID` for what is not there; what expressions throw.
 */
export function linkedServiceRequest(
  { referenceName, parameters = {} }: LinkedServiceReference,
  evaluate: (json: unknown, path: string) => ExpressionValue,
  { factory, engine, vaults, signal }: Following,
): LinkedServiceRequest {
  const { clock, random, newId } = engine;
  const given = evaluate(parameters, 'linkedServiceName.parameters');
  return {
    factory,
    linkedService: requireLinkedService(factory, referenceName),
    arguments: isObject(given) ? given : {},
    vaults,
    context: { clock, random, newGuid: newId },
    signal,
  };
}
