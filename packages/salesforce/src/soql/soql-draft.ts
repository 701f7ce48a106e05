import { MAX_ROWS_OF_ALL_FIELDS } from '../limits.ts';
import type { OrgCatalog } from '../schema/org-catalog.ts';
import type { SObjectDescribe } from '../schema/sobject-describe.ts';
import { refusedConstructs } from './construct-rules.ts';
import { constructUses, usesOfClauses } from './construct-uses.ts';
import { createFieldResolver } from './field-resolver.ts';
import { checkFilters } from './filter-check.ts';
import {
  fieldOfObject,
  NOTHING_LEFT_OUT,
  readableFields,
  type LeftOutFields,
  type ReadableFields,
} from './object-fields.ts';
import { notQueryable, unknownObject } from './object-lookup.ts';
import { refusedObject } from './object-verdict.ts';
import { parseSoql } from './parse-soql.ts';
import type { DraftOptions, QueryDraft } from './query-draft.ts';
import { queryError, type QueryProblem, type QueryText } from './query-problem.ts';
import { aggregateUse, selectColumn, type SelectedColumn } from './select-columns.ts';
import type { CallNode, QueryNode } from './soql-ast.ts';

/** What one item of SELECT comes to. */
interface ItemDraft {
  readonly columns: readonly SelectedColumn[];
  readonly problems: readonly QueryProblem[];
  /** For FIELDS(), whose names are written out in what is sent. */
  readonly expansion?: { readonly call: CallNode; readonly leftOut: LeftOutFields };
}

/** @throws `QUERY_INVALID`, `QUERY_UNSUPPORTED`, `OBJECT_UNKNOWN` where nothing further can be known. */
export async function draftFromSoql(soql: string, options: DraftOptions, catalog: OrgCatalog): Promise<QueryDraft> {
  const queryText: QueryText = { text: soql, label: 'the query', start: 0 };
  const parsed = parseSoql(soql);
  if (parsed.query === undefined) {
    const refused = refusedConstructs(usesOfClauses(parsed.clauses), options);
    throw queryError([...refused, parsed.problem], queryText);
  }
  const { query } = parsed;
  const problems = [...refusedConstructs(constructUses(query), options)];
  const { text: name, offset } = query.from;
  const refusal = refusedObject(name);
  if (refusal !== undefined) throw queryError([...problems, { ...refusal, offset }], queryText);
  const object = await catalog.describe(name);
  if (object === undefined) throw queryError([...problems, await unknownObject(name, catalog, offset)], queryText);
  if (object.queryable === false) problems.push(notQueryable(object.name, offset));

  const resolver = createFieldResolver(object, query.aliases, catalog);
  const items = await Promise.all(
    query.select.map(async (item): Promise<ItemDraft> => {
      if (item.kind !== 'expression' || aggregateUse(item.expression) !== undefined)
        return { columns: [], problems: [] };
      const { expression, alias } = item;
      if (expression.kind === 'call' && expression.name === 'FIELDS') {
        return alias === undefined
          ? expandFields(expression, object, query, options)
          : failed({ code: 'QUERY_INVALID', message: 'FIELDS() takes no alias', offset: alias.offset });
      }
      const selection = await selectColumn(resolver, expression, alias);
      return 'column' in selection
        ? { columns: [selection.column], problems: [] }
        : { columns: [], problems: selection.problems };
    }),
  );
  problems.push(...items.flatMap((item) => item.problems), ...(await checkFilters(query, resolver, catalog)));
  const expansions = items.filter(({ expansion }) => expansion !== undefined);
  return {
    object,
    soql: writtenOut(soql, items),
    query,
    queryText,
    columns: items.flatMap(({ columns }) => columns),
    leftOut: expansions[0]?.expansion?.leftOut ?? NOTHING_LEFT_OUT,
    isWhole: expansions.length > 0,
    problems,
  };
}

/** `FIELDS(STANDARD)`: its fields by name, so that the schema is known and a field added later changes nothing. */
function expandFields(call: CallNode, object: SObjectDescribe, query: QueryNode, { base64 }: DraftOptions): ItemDraft {
  const { offset } = call;
  const [argument] = call.args;
  const group = argument?.kind === 'field' && call.args.length === 1 ? argument.path.join('.').toUpperCase() : '';
  if (!['ALL', 'STANDARD', 'CUSTOM'].includes(group)) {
    const hint = 'Write FIELDS(STANDARD), FIELDS(CUSTOM) or FIELDS(ALL).';
    return failed({ code: 'QUERY_INVALID', message: 'FIELDS() takes STANDARD, CUSTOM or ALL', hint, offset });
  }
  if (group !== 'STANDARD' && !isBounded(query)) {
    const message = `FIELDS(${group}) needs LIMIT ${MAX_ROWS_OF_ALL_FIELDS} or less, or a filter on Id`;
    const hint = 'Use FIELDS(STANDARD), or give the object instead of a query to read every field of all rows.';
    return failed({ code: 'QUERY_UNSUPPORTED', message, hint, offset });
  }
  const readable: ReadableFields = readableFields(
    object,
    base64,
    ({ custom }) => group === 'ALL' || (custom === true) === (group === 'CUSTOM'),
  );
  const problems = readable.problems.map((problem) => ({ ...problem, offset }));
  if (readable.fields.length === 0) {
    const message = `FIELDS(${group}) stands for no field of ${object.name}`;
    return failed({ code: 'QUERY_UNSUPPORTED', message, hint: 'Name the fields to read.', offset }, ...problems);
  }
  const columns = readable.fields.map((field) => ({
    ...fieldOfObject(object.name, field, object.fields),
    header: field.name,
    functions: [],
    offset,
  }));
  return { columns, problems, expansion: { call, leftOut: readable.leftOut } };
}

function failed(...problems: readonly QueryProblem[]): ItemDraft {
  return { columns: [], problems };
}

function isBounded({ limit, conditions }: QueryNode): boolean {
  if (limit !== undefined && limit <= MAX_ROWS_OF_ALL_FIELDS) return true;
  return conditions.some(
    ({ left, operator }) =>
      left.kind === 'field' && left.path.at(-1)?.toLowerCase() === 'id' && (operator === '=' || operator === 'IN'),
  );
}

/** The query with each FIELDS() replaced by names; the rest stays as it was written. */
function writtenOut(soql: string, items: readonly ItemDraft[]): string {
  let written = '';
  let from = 0;
  for (const { columns, expansion } of items) {
    if (expansion === undefined) continue;
    written += soql.slice(from, expansion.call.offset) + columns.map(({ header }) => header).join(', ');
    from = expansion.call.end;
  }
  return written + soql.slice(from);
}
