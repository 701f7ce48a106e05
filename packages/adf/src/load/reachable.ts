import { nameKey } from '../check/factory-index.ts';
import { walkObjects } from '../check/json-walk.ts';
import type { DefinitionText } from '../reading/read-definition.ts';
import type { FactoryDraft } from './factory-draft.ts';

/** A definition and all that it refers to, however far. */
export function reachableFrom(start: DefinitionText, draft: FactoryDraft): ReadonlySet<DefinitionText> {
  const seen = new Set<DefinitionText>();
  const pending = [start];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    walkObjects(next.json, [], ({ type, referenceName }) => {
      if (typeof referenceName !== 'string') return;
      const target = find(type, nameKey(referenceName), draft);
      if (target !== undefined) pending.push(target);
    });
  }
  return seen;
}

/** Pipelines that run each other in a circle, by name. */
export function pipelineCycle(start: DefinitionText<'pipeline'>, draft: FactoryDraft): readonly string[] | undefined {
  const seen = new Set<string>();
  const visit = (pipeline: DefinitionText<'pipeline'>, trail: readonly string[]): readonly string[] | undefined => {
    for (const called of calledBy(pipeline, draft)) {
      if (called === start) return [...trail, called.name];
      if (seen.has(nameKey(called.name))) continue;
      seen.add(nameKey(called.name));
      const found = visit(called, [...trail, called.name]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return visit(start, [start.name]);
}

function calledBy({ json }: DefinitionText, { pipelines }: FactoryDraft): readonly DefinitionText<'pipeline'>[] {
  const found: DefinitionText<'pipeline'>[] = [];
  walkObjects(json, [], ({ type, referenceName }) => {
    if (type !== 'PipelineReference' || typeof referenceName !== 'string') return;
    const target = pipelines.get(nameKey(referenceName));
    if (target !== undefined) found.push(target);
  });
  return found;
}

function find(type: unknown, key: string, draft: FactoryDraft): DefinitionText | undefined {
  if (type === 'LinkedServiceReference') return draft.linkedServices.get(key);
  if (type === 'DatasetReference') return draft.datasets.get(key);
  return type === 'PipelineReference' ? draft.pipelines.get(key) : undefined;
}
