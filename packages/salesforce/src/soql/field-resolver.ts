import { MAX_PARENT_LEVELS } from '../limits.ts';
import { nearestNames } from '../schema/nearest-names.ts';
import type { OrgCatalog } from '../schema/org-catalog.ts';
import type { FieldDescribe, SObjectDescribe } from '../schema/sobject-describe.ts';
import type { QueryProblem } from './query-problem.ts';
import type { QueryNode } from './soql-ast.ts';

/** With more kinds of parents than this, asking for each costs more than knowing the type of a column is worth. */
const MAX_PARENT_KINDS = 10;

/** The describable object that has the fields any parent of a polymorphic reference may be asked for. */
const NAME_OBJECT = 'Name';

/** `Region__c` or `Region__r`, but not `acme__Region__c`. */
const CUSTOM_WITHOUT_NAMESPACE = /^(?!\w*?__\w*__)\w+__[a-z]+$/i;

export interface ResolvedField {
  /** API name of the object the field is of. */
  readonly object: string;
  /** API names from the queried object to the field. */
  readonly path: readonly string[];
  readonly field: FieldDescribe;
  /** All fields of that object, as far as the user may see them. */
  readonly siblings: readonly FieldDescribe[];
}

export type Resolution = { readonly found: ResolvedField } | { readonly problem: QueryProblem };

/** A record on the way along a path: the queried one, or a parent. */
interface RecordNode {
  readonly path: readonly string[];
  /** More than one where the reference is polymorphic; none where nobody tells. */
  readonly objects: readonly string[];
}

export interface FieldResolver {
  /** Never throws for a name; `offset` goes into the problem. */
  resolve(path: readonly string[], offset?: number): Promise<Resolution>;
}

/** Finds what the names in a query on `root` mean. */
export function createFieldResolver(
  root: SObjectDescribe,
  aliases: QueryNode['aliases'],
  catalog: OrgCatalog,
): FieldResolver {
  /** Resolves an alias, or the object's own name before a field of it. */
  function withoutOwnName(path: readonly string[]): readonly string[] {
    const [first = '', ...rest] = path;
    if (rest.length === 0) return path;
    const aliased = aliases.get(first.toLowerCase());
    if (aliased !== undefined) return [...aliased, ...rest];
    const isOwnName = first.toLowerCase() === root.name.toLowerCase();
    return isOwnName && referenceOf(root, first) === undefined ? rest : path;
  }

  async function step(record: RecordNode, name: string): Promise<RecordNode | Omit<QueryProblem, 'offset'>> {
    const reference = await find(record, name, { pick: referenceOf, merge: sameTargets }, catalog);
    if (reference === 'untold') return { path: [...record.path, name], objects: [] };
    if (reference === undefined) return await unknownName(record, name, 'relationship', catalog);
    const { relationshipName, referenceTo } = reference;
    return { path: [...record.path, relationshipName ?? name], objects: referenceTo ?? [] };
  }

  return {
    async resolve(written, offset) {
      const place = offset === undefined ? {} : { offset };
      const names = withoutOwnName(written);
      if (names.length - 1 > MAX_PARENT_LEVELS) {
        const message = `${written.join('.')} climbs ${names.length - 1} levels of parents; ${MAX_PARENT_LEVELS} are allowed`;
        const hint = 'Query a parent by itself and join the rows on its id.';
        return { problem: { code: 'QUERY_UNSUPPORTED', message, hint, ...place } };
      }
      let record: RecordNode = { path: [], objects: [root.name] };
      for (const name of names.slice(0, -1)) {
        const next = await step(record, name);
        if ('code' in next) return { problem: { ...next, ...place } };
        record = next;
      }
      const name = names.at(-1) ?? '';
      const field = await find(record, name, { pick: fieldOf, merge: commonField }, catalog);
      if (field === undefined) {
        return { problem: { ...(await unknownName(record, name, 'field', catalog)), ...place } };
      }
      const found = field === 'untold' ? untoldField(name) : field;
      const [only = NAME_OBJECT] = record.objects;
      const isOne = record.objects.length === 1;
      return {
        found: {
          object: isOne ? only : NAME_OBJECT,
          path: [...record.path, found.name],
          field: found,
          siblings: isOne ? ((await catalog.describe(only))?.fields ?? []) : [],
        },
      };
    },
  };
}

interface Lookup {
  readonly pick: (describe: SObjectDescribe, name: string) => FieldDescribe | undefined;
  /** Makes one of what several kinds of parents say. */
  readonly merge: (fields: readonly FieldDescribe[]) => FieldDescribe | undefined;
}

/** What a name means on a record, with or without the org's own namespace; `untold` when nobody can tell. */
async function find(
  record: RecordNode,
  name: string,
  lookup: Lookup,
  catalog: OrgCatalog,
): Promise<FieldDescribe | 'untold' | undefined> {
  const found = await findExactly(record, name, lookup, catalog);
  if (found !== undefined || !CUSTOM_WITHOUT_NAMESPACE.test(name)) return found;
  const namespace = await catalog.namespace();
  return namespace === undefined ? undefined : await findExactly(record, `${namespace}__${name}`, lookup, catalog);
}

/** Of a polymorphic parent the object `Name` tells, else its kinds. */
async function findExactly(
  { objects }: RecordNode,
  name: string,
  { pick, merge }: Lookup,
  catalog: OrgCatalog,
): Promise<FieldDescribe | 'untold' | undefined> {
  const [only] = objects;
  if (only === undefined) return 'untold';
  if (objects.length === 1) {
    const describe = await catalog.describe(only);
    return describe === undefined ? undefined : pick(describe, name);
  }
  const general = await catalog.describe(NAME_OBJECT);
  const found = general === undefined ? undefined : pick(general, name);
  if (found !== undefined) return found;
  if (objects.length > MAX_PARENT_KINDS) return 'untold';
  const kinds = await Promise.all(objects.map(async (object) => await catalog.describe(object)));
  const visible = kinds.filter((describe) => describe !== undefined);
  if (visible.length === 0) return 'untold';
  return merge(visible.flatMap((describe) => pick(describe, name) ?? []));
}

/** One field for all kinds of parents: of the type they share, else text. */
function commonField(fields: readonly FieldDescribe[]): FieldDescribe | undefined {
  const [first] = fields;
  if (first === undefined) return undefined;
  const isCommon = fields.every(
    ({ type, precision, scale }) => type === first.type && precision === first.precision && scale === first.scale,
  );
  return isCommon ? first : untoldField(first.name);
}

/** One reference for all kinds of parents: to whatever any of them refers to. */
function sameTargets(references: readonly FieldDescribe[]): FieldDescribe | undefined {
  const [first] = references;
  if (first === undefined) return undefined;
  return { ...first, referenceTo: [...new Set(references.flatMap(({ referenceTo }) => referenceTo ?? []))] };
}

function untoldField(name: string): FieldDescribe {
  return { name, type: 'string', soapType: 'xsd:string' };
}

export function fieldOf({ fields }: SObjectDescribe, name: string): FieldDescribe | undefined {
  const key = name.toLowerCase();
  return fields.find((field) => field.name.toLowerCase() === key);
}

function referenceOf({ fields }: SObjectDescribe, name: string): FieldDescribe | undefined {
  const key = name.toLowerCase();
  return fields.find(({ relationshipName }) => relationshipName?.toLowerCase() === key);
}

async function unknownName(
  { path, objects }: RecordNode,
  name: string,
  kind: 'field' | 'relationship',
  catalog: OrgCatalog,
): Promise<Omit<QueryProblem, 'offset'>> {
  const describes = await Promise.all(
    objects.slice(0, MAX_PARENT_KINDS).map(async (one) => await catalog.describe(one)),
  );
  const visible = describes.filter((describe) => describe !== undefined);
  const user = (await catalog.userName()) ?? 'the user';
  const parent = objects.length === 1 ? (objects[0] ?? '') : path.join('.');
  if (visible.length === 0) {
    const message = `${path.join('.')}: the object ${parent} does not exist or is hidden from ${user}`;
    return { code: 'OBJECT_UNKNOWN', message, hint: 'Ask an administrator for read access to the object.' };
  }
  const names = visible.flatMap(({ fields }) =>
    fields.flatMap((field) => (kind === 'field' ? field.name : (field.relationshipName ?? []))),
  );
  const nearest = nearestNames(name, [...new Set(names)]);
  const likely = nearest.length === 0 ? '' : ` (nearest: ${nearest.join(', ')})`;
  return {
    code: 'FIELD_UNKNOWN',
    message: `the ${kind} ${name} of ${parent} does not exist or is hidden from ${user}${likely}`,
    hint: 'Check the spelling, and that field-level security lets the user see it.',
  };
}
