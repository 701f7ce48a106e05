import type { DefinitionKind } from '../definition/factory.ts';
import type { JsonDocument } from '../json/json-document.ts';
import { type JsonMembers, type JsonNode, type JsonPath, memberOf } from '../json/json-node.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { takeGlobalParameters, textAt } from './definition-files.ts';
import type { FactoryDraft } from './factory-draft.ts';
import { jsonNode } from './json-node-of.ts';
import { fileReport } from './read-document.ts';
import { evaluateTemplateExpression, isTemplateExpression, type TemplateScope } from './template-expression.ts';

/** The last part of the types of resources that are read. */
const KINDS: Readonly<Record<string, DefinitionKind>> = {
  linkedservices: 'linkedService',
  datasets: 'dataset',
  pipelines: 'pipeline',
};

const OWNER = /^Microsoft\.(?:DataFactory\/factories|Synapse\/workspaces)(?:\/(\w+))?$/i;

/** Whether a file is a deployment template, by what it holds. */
export function isTemplate({ root }: JsonDocument): boolean {
  return root.kind === 'members' && memberOf(root, 'resources')?.node.kind === 'list';
}

/** Whether a file holds values for the parameters of a template. */
export function isParameterFile({ root }: JsonDocument): boolean {
  const schema = root.kind === 'members' ? textAt(root, '$schema') : undefined;
  return schema !== undefined && /deploymentParameters\.json/i.test(schema);
}

export interface TemplateValues {
  readonly parameterFile: JsonDocument | undefined;
  readonly given: Readonly<Record<string, unknown>>;
  /** Definitions stay as they are written, with their template expressions: to be changed in place. */
  readonly verbatim?: true;
}

/** Reads the factory or workspace that a deployment template creates. */
export function readTemplate(document: JsonDocument, values: TemplateValues, draft: FactoryDraft): void {
  const { root } = document;
  const resources = root.kind === 'members' ? memberOf(root, 'resources')?.node : undefined;
  if (root.kind !== 'members' || resources?.kind !== 'list') return;
  const report = fileReport(document, draft);
  const scope: TemplateScope = {
    parameters: parameterValues(root, values),
    variables: membersOf(memberOf(root, 'variables')?.node),
  };
  resources.items.forEach((resource, index) => {
    if (resource.kind !== 'members') return;
    const [isOurs, part] = OWNER.exec(textAt(resource, 'type') ?? '') ?? [];
    if (isOurs === undefined) return;
    const path = ['resources', index];
    const own = filled(values.verbatim === true ? withoutProperties(resource) : resource, scope, report, path);
    const name = own.kind === 'members' ? textAt(own, 'name')?.split('/').at(-1) : undefined;
    const described = values.verbatim === true ? resource : own;
    const properties = described.kind === 'members' ? memberOf(described, 'properties')?.node : undefined;
    if (name === undefined) return;
    if (part === undefined) {
      draft.name = name;
      takeGlobalParameters(
        properties?.kind === 'members' ? memberOf(properties, 'globalParameters')?.node : undefined,
        draft,
      );
      return;
    }
    if (part.toLowerCase() === 'integrationruntimes') {
      draft.knowsRuntimes = true;
      draft.integrationRuntimes.add(name);
    }
    const kind = Object.hasOwn(KINDS, part.toLowerCase()) ? KINDS[part.toLowerCase()] : undefined;
    if (kind === undefined) return;
    if (properties?.kind !== 'members') return report.error([...path, 'properties'], 'is missing, or is no object');
    draft.add(kind, { name, document, node: properties, path: [...path, 'properties'] }, [...path, 'name']);
  });
}

function withoutProperties(resource: JsonMembers): JsonMembers {
  return { ...resource, members: resource.members.filter(({ name }) => name.toLowerCase() !== 'properties') };
}

function parameterValues(
  root: JsonMembers,
  { parameterFile, given, verbatim }: TemplateValues,
): ReadonlyMap<string, JsonNode> {
  const found = new Map<string, JsonNode>();
  if (verbatim === true) {
    // Names are made of parameters, too, and only their last part counts.
    for (const name of membersOf(memberOf(root, 'parameters')?.node).keys()) found.set(name, jsonNode(name, 0));
  }
  const take = (node: JsonNode | undefined, member: string): void => {
    for (const [name, parameter] of membersOf(node)) {
      const value = parameter.kind === 'members' ? memberOf(parameter, member)?.node : undefined;
      if (value !== undefined) found.set(name, value);
    }
  };
  take(memberOf(root, 'parameters')?.node, 'defaultValue');
  if (parameterFile?.root.kind === 'members') take(memberOf(parameterFile.root, 'parameters')?.node, 'value');
  for (const [name, value] of Object.entries(given)) found.set(name.toLowerCase(), jsonNode(value, 0));
  return found;
}

function membersOf(node: JsonNode | undefined): ReadonlyMap<string, JsonNode> {
  return new Map(
    node?.kind === 'members' ? node.members.map((member) => [member.name.toLowerCase(), member.node]) : [],
  );
}

/** The node with its template expressions evaluated; everything stays in its place. */
function filled(node: JsonNode, scope: TemplateScope, report: ProblemReport, path: JsonPath): JsonNode {
  if (node.kind === 'list') {
    return { ...node, items: node.items.map((item, index) => filled(item, scope, report, [...path, index])) };
  }
  if (node.kind === 'members') {
    const members = node.members
      // What the resource depends on says nothing that is not in it.
      .filter(({ name }) => path.length > 2 || name !== 'dependsOn')
      .map((member) => ({ ...member, node: filled(member.node, scope, report, [...path, member.name]) }));
    return { ...node, members };
  }
  if (typeof node.value !== 'string') return node;
  if (node.value.startsWith('[[')) return { ...node, value: node.value.slice(1) };
  if (!isTemplateExpression(node.value)) return node;
  const value = evaluateTemplateExpression(node.value, scope, node.offset);
  if ('kind' in value) return value;
  report.error(path, value.problem, { hint: value.hint });
  return node;
}
