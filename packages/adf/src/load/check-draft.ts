import { checkDataset } from '../check/dataset-check.ts';
import type { FactoryIndex } from '../check/factory-index.ts';
import { checkLegacy } from '../check/legacy-check.ts';
import { checkLinkedService } from '../check/linked-service-check.ts';
import { checkPipeline } from '../check/pipeline-check.ts';
import { checkReferences } from '../check/reference-check.ts';
import { UNAVAILABLE_DATASETS } from '../definition/unavailable/dataset-types.ts';
import { UNAVAILABLE_LINKED_SERVICES } from '../definition/unavailable/linked-service-types.ts';
import type { DefinitionText } from '../reading/read-definition.ts';
import type { FactoryDraft } from './factory-draft.ts';
import { pipelineCycle } from './reachable.ts';

const UNAVAILABLE: ReadonlySet<string> = new Set<string>([...UNAVAILABLE_LINKED_SERVICES, ...UNAVAILABLE_DATASETS]);

/** Everything that can be known to be wrong once all files have been read. */
export function checkDraft(draft: FactoryDraft, defaultApiVersion: string | undefined): void {
  const index: FactoryIndex = {
    linkedServices: draft.linkedServices,
    datasets: draft.datasets,
    pipelines: draft.pipelines,
    globalParameters: draft.knowsGlobalParameters ? [...draft.globalParameters.keys()] : undefined,
    integrationRuntimes: draft.knowsRuntimes ? [...draft.integrationRuntimes] : undefined,
    defaultApiVersion,
    strict: draft.strict,
  };
  // Those that could not be kept under their name are checked, too.
  for (const definition of draft.problemsOf.keys()) {
    checkReferences(definition, index);
    warnIfUnavailable(definition);
    checkLegacy(definition);
    if (isKind(definition, 'linkedService')) checkLinkedService(definition, index);
    if (isKind(definition, 'dataset')) checkDataset(definition);
    if (isKind(definition, 'pipeline')) {
      checkPipeline(definition, index);
      const cycle = pipelineCycle(definition, draft);
      if (cycle !== undefined) {
        definition.report.error([], `pipelines run each other in a circle: ${cycle.join(', ')}`, {
          hint: 'Use an Until or ForEach activity to repeat something.',
        });
      }
    }
  }
}

/** An error only where something is to be done with it. */
function warnIfUnavailable({ json, report }: DefinitionText): void {
  const { type } = json;
  if (typeof type !== 'string' || !UNAVAILABLE.has(type)) return;
  report.warn(['type'], `there is no connector for ${type} here; what uses this cannot run`, {
    code: 'CONNECTOR_MISSING',
  });
}

function isKind<Kind extends DefinitionText['kind']>(
  definition: DefinitionText,
  kind: Kind,
): definition is DefinitionText<Kind> {
  return definition.kind === kind;
}
