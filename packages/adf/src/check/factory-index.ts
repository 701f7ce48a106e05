import type { DefinitionKind } from '../definition/factory.ts';
import type { DefinitionText } from '../reading/read-definition.ts';

/** All definitions by kind and name, for what refers to them. */
export interface FactoryIndex {
  readonly linkedServices: ReadonlyMap<string, DefinitionText<'linkedService'>>;
  readonly datasets: ReadonlyMap<string, DefinitionText<'dataset'>>;
  readonly pipelines: ReadonlyMap<string, DefinitionText<'pipeline'>>;
  /** `undefined`: nobody knows which there are. */
  readonly globalParameters: readonly string[] | undefined;
  readonly integrationRuntimes: readonly string[] | undefined;
  /** For linked services that name no version. */
  readonly defaultApiVersion: string | undefined;
  /** What Data Factory refuses is refused. */
  readonly strict: boolean;
}

export const KIND_WORDS: Readonly<Record<DefinitionKind, string>> = {
  linkedService: 'linked service',
  dataset: 'dataset',
  pipeline: 'pipeline',
};

export function definitionsOf(index: FactoryIndex, kind: DefinitionKind): ReadonlyMap<string, DefinitionText> {
  switch (kind) {
    case 'linkedService':
      return index.linkedServices;
    case 'dataset':
      return index.datasets;
    case 'pipeline':
      return index.pipelines;
  }
}

/** Names are the same whatever their case. */
export function nameKey(name: string): string {
  return name.toLowerCase();
}
