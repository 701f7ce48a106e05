import type { DefinitionKind } from '../definition/factory.ts';
import { didYouMean } from '../expression/nearest-name.ts';
import type { JsonPath } from '../json/json-node.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { isRecord, type JsonValue } from '../reading/canonical-json.ts';
import type { DefinitionText } from '../reading/read-definition.ts';
import { definitionsOf, type FactoryIndex, KIND_WORDS, nameKey } from './factory-index.ts';
import { walkObjects } from './json-walk.ts';

const REFERENCE_KINDS: Readonly<Record<string, DefinitionKind>> = {
  LinkedServiceReference: 'linkedService',
  DatasetReference: 'dataset',
  PipelineReference: 'pipeline',
};

/** Runtimes every factory has. */
const BUILT_IN_RUNTIMES = ['AutoResolveIntegrationRuntime'];

/** Holds every reference of a definition against what there is, and its arguments against the parameters. */
export function checkReferences({ json, report }: DefinitionText, index: FactoryIndex): void {
  walkObjects(json, [], (object, path) => {
    const { type, referenceName } = object;
    if (type === 'AzureKeyVaultSecret') checkVault(object['store'], [...path, 'store'], index, report);
    if (typeof type !== 'string' || typeof referenceName !== 'string') return;
    if (type === 'IntegrationRuntimeReference') checkRuntime(referenceName, path, index, report);
    const kind = Object.hasOwn(REFERENCE_KINDS, type) ? REFERENCE_KINDS[type] : undefined;
    const target = kind === undefined ? undefined : findTarget(kind, referenceName, path, index, report);
    // A pipeline's arguments are beside the reference.
    if (target !== undefined && kind !== 'pipeline') {
      checkArguments(object['parameters'], target, path, [...path, 'parameters'], report);
    }
  });
}

function findTarget(
  kind: DefinitionKind,
  name: string,
  path: JsonPath,
  index: FactoryIndex,
  report: ProblemReport,
): DefinitionText | undefined {
  const all = definitionsOf(index, kind);
  const target = all.get(nameKey(name));
  if (target === undefined) {
    const names = [...all.values()].map((definition) => definition.name);
    report.error([...path, 'referenceName'], `there is no ${KIND_WORDS[kind]} ${JSON.stringify(name)}`, {
      hint: didYouMean(name, names),
    });
  } else if (target.name !== name) {
    report.warn([...path, 'referenceName'], `the ${KIND_WORDS[kind]} is spelled ${JSON.stringify(target.name)}`);
  }
  return target;
}

/** Says which parameters of the target get no value, and which arguments no parameter. */
export function checkArguments(
  given: JsonValue | undefined,
  target: DefinitionText,
  referencePath: JsonPath,
  argumentsPath: JsonPath,
  report: ProblemReport,
): void {
  const declared = isRecord(target.json['parameters']) ? target.json['parameters'] : {};
  const names = Object.keys(isRecord(given) ? given : {});
  const what = `the ${KIND_WORDS[target.kind]} ${JSON.stringify(target.name)}`;
  for (const [name, parameter] of Object.entries(declared)) {
    const hasDefault = isRecord(parameter) && parameter['defaultValue'] !== undefined;
    if (hasDefault || hasName(names, name)) continue;
    report.error(referencePath, `${what} needs a value for its parameter ${JSON.stringify(name)}`, {
      hint: `Add "parameters": { ${JSON.stringify(name)}: … } here, or a defaultValue there.`,
    });
  }
  for (const name of names) {
    if (hasName(Object.keys(declared), name)) continue;
    report.warn([...argumentsPath, name], `${what} has no such parameter; the value has no effect`, {
      hint: didYouMean(name, Object.keys(declared)),
    });
  }
}

function checkVault(store: JsonValue | undefined, path: JsonPath, index: FactoryIndex, report: ProblemReport): void {
  if (!isRecord(store) || typeof store['referenceName'] !== 'string') return;
  const vault = index.linkedServices.get(nameKey(store['referenceName']));
  if (vault === undefined || vault.json['type'] === 'AzureKeyVault') return;
  report.error(path, `the linked service ${JSON.stringify(vault.name)} is no AzureKeyVault`, {
    hint: 'Refer to the linked service of a vault.',
  });
}

function checkRuntime(
  name: string,
  path: JsonPath,
  { integrationRuntimes }: FactoryIndex,
  report: ProblemReport,
): void {
  if (hasName(BUILT_IN_RUNTIMES, name)) return;
  const runtime = `integration runtime ${JSON.stringify(name)}`;
  const isKnown = integrationRuntimes === undefined || hasName(integrationRuntimes, name);
  report.warn(
    [...path, 'referenceName'],
    isKnown
      ? `the ${runtime} is not used: everything runs in this process`
      : `there is no ${runtime}; none is needed here`,
  );
}

function hasName(names: readonly string[], name: string): boolean {
  return names.some((candidate) => nameKey(candidate) === nameKey(name));
}
