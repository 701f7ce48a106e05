import type { OrgCatalog } from '../schema/org-catalog.ts';
import type { FieldDescribe } from '../schema/sobject-describe.ts';
import { createFieldResolver, type FieldResolver } from './field-resolver.ts';
import { unknownObject } from './object-lookup.ts';
import type { QueryProblem } from './query-problem.ts';
import type { ConditionNode, ExpressionNode, FieldNode, LiteralType, QueryNode } from './soql-ast.ts';

/** Kinds of values a field of a type compares with; types that are not listed take any. */
const COMPARABLE: Readonly<Record<string, readonly LiteralType[]>> = {
  boolean: ['boolean', 'null'],
  date: ['date', 'relativeDate', 'null'],
  datetime: ['datetime', 'relativeDate', 'null'],
  time: ['time', 'null'],
  int: ['number', 'null'],
  long: ['number', 'null'],
  double: ['number', 'null'],
  percent: ['number', 'null'],
  currency: ['number', 'currency', 'null'],
};

const LITERAL_WORDS: Readonly<Record<LiteralType, string>> = {
  text: 'a text in quotes',
  number: 'a number',
  currency: 'an amount of money',
  boolean: 'true or false',
  null: 'null',
  date: 'a date',
  datetime: 'a date-time',
  time: 'a time',
  relativeDate: 'a relative date',
};

/** Functions of places, which take fields that cannot be filtered by themselves. */
const PLACE_FUNCTIONS = new Set(['DISTANCE', 'GEOLOCATION']);

/** Names that mean nothing, and fields the org does not filter or sort by, outside of SELECT. */
export async function checkFilters(
  { conditions, orderBy, clauses }: QueryNode,
  resolver: FieldResolver,
  catalog: OrgCatalog,
): Promise<readonly QueryProblem[]> {
  // Sorted rows of a grouped query are groups, not records.
  const isGrouped = clauses.some(({ name }) => name === 'GROUP BY');
  const checks = [
    ...conditions.map(async (condition) => await checkCondition(condition, resolver, catalog)),
    ...(isGrouped ? [] : orderBy).map(async (expression) => await checkFields(expression, resolver, 'sortable')),
  ];
  return (await Promise.all(checks)).flat();
}

/** Whether anything is compared with a date that depends on who asks, and when. */
export function usesRelativeDates({ conditions }: QueryNode): boolean {
  return conditions.some(
    ({ values, subquery }) =>
      values.some(({ type }) => type === 'relativeDate') || (subquery !== undefined && usesRelativeDates(subquery)),
  );
}

async function checkCondition(
  { left, values, subquery }: ConditionNode,
  resolver: FieldResolver,
  catalog: OrgCatalog,
): Promise<readonly QueryProblem[]> {
  const problems = [...(await checkFields(left, resolver, 'filterable'))];
  if (subquery !== undefined) problems.push(...(await checkSubquery(subquery, catalog)));
  if (left.kind !== 'field' || problems.length > 0) return problems;
  const resolution = await resolver.resolve(left.path, left.offset);
  if ('problem' in resolution) return [resolution.problem];
  const { field } = resolution.found;
  const allowed = COMPARABLE[field.type];
  const misfit = allowed === undefined ? undefined : values.find(({ type }) => !allowed.includes(type));
  if (allowed === undefined || misfit === undefined) return [];
  const wanted = allowed.filter((type) => type !== 'null').map((type) => LITERAL_WORDS[type]);
  const message = `${left.path.join('.')} is of type ${field.type} and is compared with ${LITERAL_WORDS[misfit.type]}`;
  return [
    { code: 'QUERY_INVALID', message, hint: `Compare with ${wanted.join(' or ')}, unquoted.`, offset: misfit.offset },
  ];
}

async function checkSubquery(query: QueryNode, catalog: OrgCatalog): Promise<readonly QueryProblem[]> {
  const { from, aliases, select } = query;
  const describe = await catalog.describe(from.text);
  if (describe === undefined) return [await unknownObject(from.text, catalog, from.offset)];
  const resolver = createFieldResolver(describe, aliases, catalog);
  const selected = await Promise.all(
    select.map(async (item) => (item.kind === 'expression' ? await checkFields(item.expression, resolver) : [])),
  );
  return [...selected.flat(), ...(await checkFilters(query, resolver, catalog))];
}

/** `use` names what the fields must be capable of. */
async function checkFields(
  expression: ExpressionNode,
  resolver: FieldResolver,
  use?: 'filterable' | 'sortable',
): Promise<readonly QueryProblem[]> {
  const isPlace = expression.kind === 'call' && PLACE_FUNCTIONS.has(expression.name);
  const checks = fieldNodes(expression).map(async ({ path, offset }): Promise<QueryProblem[]> => {
    const resolution = await resolver.resolve(path, offset);
    if ('problem' in resolution) return [resolution.problem];
    if (use === undefined || isPlace || resolution.found.field[use] !== false) return [];
    return [incapable(resolution.found.path.join('.'), resolution.found.field, use, offset)];
  });
  return (await Promise.all(checks)).flat();
}

function fieldNodes(expression: ExpressionNode): readonly FieldNode[] {
  if (expression.kind === 'field') return [expression];
  return expression.args.flatMap((argument) => (argument.kind === 'literal' ? [] : fieldNodes(argument)));
}

function incapable(
  path: string,
  { type }: FieldDescribe,
  use: 'filterable' | 'sortable',
  offset: number,
): QueryProblem {
  const verb = use === 'filterable' ? 'filter' : 'sort';
  return {
    code: 'QUERY_UNSUPPORTED',
    message: `the org does not ${verb} by ${path} (${type})`,
    hint: `${verb === 'filter' ? 'Filter' : 'Sort'} by another field, or do it where the rows arrive.`,
    offset,
  };
}
