import type { OrgCatalog } from '../schema/org-catalog.ts';
import type { FieldDescribe, SObjectDescribe } from '../schema/sobject-describe.ts';
import { createFieldResolver, fieldOf, type FieldResolver } from './field-resolver.ts';
import { checkFilters } from './filter-check.ts';
import { fieldOfObject, NOTHING_LEFT_OUT, readableFields, type ReadableFields } from './object-fields.ts';
import { notQueryable, unknownObject } from './object-lookup.ts';
import { refusedObject } from './object-verdict.ts';
import { parseSoql } from './parse-soql.ts';
import type { DraftOptions, QueryDraft } from './query-draft.ts';
import type { FieldChoice, ObjectRequest } from './query-plan.ts';
import { queryError, type QueryProblem, type QueryText } from './query-problem.ts';
import { unreadable, type SelectedColumn } from './select-columns.ts';
import type { QueryNode } from './soql-ast.ts';

const API_NAME = /^[A-Za-z]\w*$/;
const PATH = /^[A-Za-z]\w*(?:\.[A-Za-z]\w*)*$/;
const NO_ALIASES: QueryNode['aliases'] = new Map();

interface Filter {
  readonly query: QueryNode | undefined;
  readonly problems: readonly QueryProblem[];
}

const NO_FILTER: Filter = { query: undefined, problems: [] };

interface FieldsDraft extends Omit<ReadableFields, 'fields'> {
  readonly columns: readonly SelectedColumn[];
}

/** @throws `QUERY_INVALID`, `QUERY_UNSUPPORTED`, `OBJECT_UNKNOWN` where nothing further can be known. */
export async function draftFromObject(
  { object: name, fields, where }: ObjectRequest,
  options: DraftOptions,
  catalog: OrgCatalog,
): Promise<QueryDraft> {
  const prefix = `SELECT Id FROM ${name} WHERE `;
  const queryText: QueryText = { text: where ?? '', label: `reading ${name}`, part: 'where', start: prefix.length };
  if (typeof name !== 'string' || !API_NAME.test(name)) {
    const message = 'this is not the API name of an object';
    throw queryError([{ code: 'QUERY_INVALID', message, hint: 'Give the API name, such as Account.' }], {
      ...queryText,
      label: 'reading an object',
    });
  }
  const refusal = refusedObject(name);
  if (refusal !== undefined) throw queryError([refusal], queryText);
  const filter = where === undefined ? NO_FILTER : parseWhere(prefix, where);
  const object = await catalog.describe(name);
  if (object === undefined) throw queryError([await unknownObject(name, catalog), ...filter.problems], queryText);

  const resolver = createFieldResolver(object, NO_ALIASES, catalog);
  const chosen = await chooseFields(fields, object, resolver, options);
  const problems = [
    ...(object.queryable === false ? [notQueryable(object.name)] : []),
    ...chosen.problems,
    ...filter.problems,
    ...(filter.query === undefined ? [] : await checkFilters(filter.query, resolver, catalog)),
  ];
  const list = chosen.columns.map(({ header }) => header).join(', ');
  return {
    object,
    soql: `SELECT ${list} FROM ${object.name}${where === undefined ? '' : ` WHERE ${where}`}`,
    query: filter.query,
    queryText,
    columns: chosen.columns,
    leftOut: chosen.leftOut,
    isWhole: fields?.include === undefined,
    problems,
  };
}

/** Nothing but a condition: what would end it and go on is a problem. */
function parseWhere(prefix: string, where: string): Filter {
  const { query, problem } = parseSoql(prefix + where);
  if (query === undefined) return { query, problems: [problem] };
  const extra = query.clauses.filter(({ name }) => name !== 'WHERE');
  const problems = extra.map(({ name, offset }): QueryProblem => ({
    code: 'QUERY_INVALID',
    message: `${name} is not part of a condition`,
    hint: 'Give a whole query in place of the object.',
    offset,
  }));
  return { query, problems };
}

async function chooseFields(
  choice: FieldChoice | undefined,
  object: SObjectDescribe,
  resolver: FieldResolver,
  { base64 }: DraftOptions,
): Promise<FieldsDraft> {
  const excluded = new Set((choice?.exclude ?? []).map((name) => name.toLowerCase()));
  const unknown = await unknownExclusions(choice, object, resolver);
  const draft =
    choice?.include === undefined
      ? allFields(object, excluded, base64)
      : await includedFields(
          choice.include.filter((name) => !excluded.has(name.toLowerCase())),
          resolver,
          base64,
        );
  const problems = [...unknown, ...draft.problems];
  if (draft.columns.length === 0 && problems.length === 0) {
    const message = `no field of ${object.name} is left to read`;
    problems.push({ code: 'QUERY_INVALID', message, hint: 'Include a field, or exclude fewer.' });
  }
  return { ...draft, problems };
}

async function unknownExclusions(
  choice: FieldChoice | undefined,
  object: SObjectDescribe,
  resolver: FieldResolver,
): Promise<readonly QueryProblem[]> {
  const included = new Set((choice?.include ?? []).map((name) => name.toLowerCase()));
  const strange = (choice?.exclude ?? []).filter(
    (name) => fieldOf(object, name) === undefined && !included.has(name.toLowerCase()),
  );
  const resolutions = await Promise.all(strange.map(async (name) => await resolver.resolve([name])));
  return resolutions.flatMap((resolution) => ('problem' in resolution ? resolution.problem : []));
}

/** In the order in which the org describes them. */
function allFields(object: SObjectDescribe, excluded: ReadonlySet<string>, base64: 'error' | 'skip'): FieldsDraft {
  const isWanted = ({ name }: FieldDescribe): boolean => !excluded.has(name.toLowerCase());
  const { fields, ...rest } = readableFields(object, base64, isWanted);
  const columns = fields.map((field) => column(fieldOfObject(object.name, field, object.fields)));
  return { columns, ...rest };
}

async function includedFields(
  names: readonly string[],
  resolver: FieldResolver,
  base64: 'error' | 'skip',
): Promise<FieldsDraft> {
  const resolutions = await Promise.all(
    names.map(async (name) => (PATH.test(name) ? await resolver.resolve(name.split('.')) : { problem: noName() })),
  );
  const found = resolutions.flatMap((resolution) => ('found' in resolution ? resolution.found : []));
  const isSkipped = (field: FieldDescribe): boolean => base64 === 'skip' && field.type === 'base64';
  const wanted = found.filter(({ field }) => !isSkipped(field));
  return {
    columns: wanted.map(column),
    leftOut: {
      ...NOTHING_LEFT_OUT,
      base64: found.filter(({ field }) => isSkipped(field)).map(({ path }) => path.join('.')),
    },
    problems: [
      ...resolutions.flatMap((resolution) => ('problem' in resolution ? resolution.problem : [])),
      ...wanted.flatMap((field) => unreadable(field)),
    ],
  };
}

function column(field: SelectedColumn | Parameters<typeof unreadable>[0]): SelectedColumn {
  return { ...field, header: field.path.join('.'), functions: [], offset: undefined };
}

function noName(): QueryProblem {
  const hint = 'Give API names, such as Name or Owner.Name.';
  return { code: 'QUERY_INVALID', message: 'an entry of `include` is not a field name', hint };
}
