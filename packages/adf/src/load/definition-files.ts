import { KIND_WORDS } from '../check/factory-index.ts';
import { datasetProperties } from '../definition/dataset/dataset.ts';
import type { DefinitionKind } from '../definition/factory.ts';
import { linkedServiceProperties } from '../definition/linked-service/linked-service.ts';
import type { JsonDocument } from '../json/json-document.ts';
import { type JsonMembers, type JsonNode, memberOf } from '../json/json-node.ts';
import { isRecord, plainJson } from '../reading/canonical-json.ts';
import { typesOf } from '../reading/schema-shape.ts';
import type { FactoryDraft } from './factory-draft.ts';
import type { FactoryFile } from './factory-file.ts';
import { fileReport, readDocument } from './read-document.ts';

/** Folders of a factory or a Synapse workspace in Git, in lower case. Others hold what is not needed here. */
const FOLDERS: Readonly<Record<string, DefinitionKind | 'factory' | 'globalParameters' | 'integrationRuntime'>> = {
  linkedservice: 'linkedService',
  linkedservices: 'linkedService',
  dataset: 'dataset',
  datasets: 'dataset',
  pipeline: 'pipeline',
  pipelines: 'pipeline',
  factory: 'factory',
  globalparameters: 'globalParameters',
  integrationruntime: 'integrationRuntime',
};

const HOMES: Readonly<Record<DefinitionKind, string>> = {
  linkedService: 'linkedService/',
  dataset: 'dataset/',
  pipeline: 'pipeline/',
};

/** Whether a file is in one of the folders of a factory. */
export function isDefinitionFile(path: string): boolean {
  return folderOf(path) !== undefined;
}

/** Reads the files of a factory that is laid out in folders. */
export function readDefinitionFiles(files: readonly FactoryFile[], draft: FactoryDraft): void {
  for (const file of files) {
    const folder = folderOf(file.path);
    if (folder === undefined) continue;
    if (folder === 'integrationRuntime') draft.knowsRuntimes = true;
    const document = readDocument(file, draft);
    if (document !== undefined) readFile(document, folder, draft);
  }
}

function readFile(document: JsonDocument, folder: NonNullable<ReturnType<typeof folderOf>>, draft: FactoryDraft): void {
  const { root, file } = document;
  const report = fileReport(document, draft);
  if (root.kind !== 'members') return report.error([], 'must hold an object with name and properties');
  const name = textAt(root, 'name');
  const properties = memberOf(root, 'properties')?.node;
  if (folder === 'factory' || folder === 'globalParameters') {
    if (folder === 'factory' && name !== undefined) draft.name = name;
    takeGlobalParameters(folder === 'factory' ? member(properties, 'globalParameters') : properties, draft);
    return;
  }
  if (name === undefined) report.error(['name'], 'is missing, or is no text');
  if (folder === 'integrationRuntime') {
    if (name !== undefined) draft.integrationRuntimes.add(name);
    return;
  }
  if (properties?.kind !== 'members') return report.error(['properties'], 'is missing, or is no object');
  const kind = kindOf(properties) ?? folder;
  if (kind !== folder) {
    report.error(['properties'], `is a ${KIND_WORDS[kind]}, and stands among the ${KIND_WORDS[folder]}s`, {
      hint: `Move the file to ${HOMES[kind]}.`,
    });
  }
  if (name === undefined) return;
  const fileName = file.slice(file.lastIndexOf('/') + 1).replace(/\.json$/i, '');
  if (fileName !== name)
    report.warn(['name'], `is ${JSON.stringify(name)} in a file that is called ${JSON.stringify(fileName)}`);
  draft.add(kind, { name, document, node: properties, path: ['properties'] }, ['name']);
}

/** What a definition is, by what it holds, wherever it stands. */
function kindOf(properties: JsonMembers): DefinitionKind | undefined {
  if (memberOf(properties, 'activities') !== undefined) return 'pipeline';
  const type = textAt(properties, 'type')?.toLowerCase();
  if (type === undefined) return undefined;
  if (datasetProperties.options.some((option) => has(typesOf(option), type))) return 'dataset';
  return linkedServiceProperties.options.some((option) => has(typesOf(option), type)) ? 'linkedService' : undefined;
}

function has(types: readonly string[], lowerType: string): boolean {
  return types.some((type) => type.toLowerCase() === lowerType);
}

/** `{ "name": { "type": …, "value": … } }`. */
export function takeGlobalParameters(node: JsonNode | undefined, draft: FactoryDraft): void {
  if (node?.kind !== 'members') return;
  draft.knowsGlobalParameters = true;
  for (const { name, node: parameter } of node.members) {
    const json = plainJson(parameter);
    if (isRecord(json)) draft.globalParameters.set(name, json['value'] ?? null);
  }
}

function folderOf(path: string): (typeof FOLDERS)[string] | undefined {
  const [folder = '', ...rest] = path.split('/');
  if (rest.length === 0 || !/\.json$/i.test(path)) return undefined;
  const key = folder.toLowerCase();
  return Object.hasOwn(FOLDERS, key) ? FOLDERS[key] : undefined;
}

function member(node: JsonNode | undefined, name: string): JsonNode | undefined {
  return node?.kind === 'members' ? memberOf(node, name)?.node : undefined;
}

export function textAt(node: JsonMembers, name: string): string | undefined {
  const value = memberOf(node, name)?.node;
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}
