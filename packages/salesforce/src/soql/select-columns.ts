import type { FieldDescribe } from '../schema/sobject-describe.ts';
import type { ConstructUse } from './construct-rules.ts';
import type { FieldResolver, ResolvedField } from './field-resolver.ts';
import type { QueryProblem } from './query-problem.ts';
import type { CallNode, ExpressionNode, LiteralNode, NameNode } from './soql-ast.ts';

/** A column of the result, as far as the query tells. */
export interface SelectedColumn extends ResolvedField {
  /** As Salesforce heads it: the alias, else the path of the field. */
  readonly header: string;
  /** Around the field, outermost first, in upper case. */
  readonly functions: readonly string[];
  readonly offset: number | undefined;
}

export type Selection = { readonly column: SelectedColumn } | { readonly problems: readonly QueryProblem[] };

const AGGREGATES = new Set(['COUNT', 'COUNT_DISTINCT', 'SUM', 'AVG', 'MIN', 'MAX', 'GROUPING']);
/** Of dates; in SELECT they go with GROUP BY alone. */
const GROUPING_FUNCTION = /^(?:CALENDAR|FISCAL)_|^(?:DAY_IN|WEEK_IN)_|^(?:DAY_ONLY|HOUR_IN_DAY)$/;
const FIELD_FUNCTIONS = new Set(['TOLABEL', 'FORMAT', 'CONVERTCURRENCY']);

/** Whether an item of SELECT needs rows to be grouped. */
export function aggregateUse(expression: ExpressionNode): ConstructUse | undefined {
  const isAggregate =
    expression.kind === 'call' && (AGGREGATES.has(expression.name) || GROUPING_FUNCTION.test(expression.name));
  return isAggregate ? { construct: 'an aggregate function', offset: expression.offset } : undefined;
}

/** One item of SELECT, which is neither FIELDS() nor an aggregate. */
export async function selectColumn(
  resolver: FieldResolver,
  expression: ExpressionNode,
  alias: NameNode | undefined,
): Promise<Selection> {
  const functions: string[] = [];
  let inner: ExpressionNode = expression;
  while (inner.kind === 'call') {
    const argument = fieldArgument(inner);
    if (argument === undefined) return { problems: [notSelectable(inner)] };
    functions.push(inner.name);
    inner = argument;
  }
  const resolution = await resolver.resolve(inner.path, inner.offset);
  if ('problem' in resolution) return { problems: [resolution.problem] };
  const { found } = resolution;
  const problems = [...unreadable(found, inner.offset), ...misapplied(functions, found.field, expression.offset)];
  if (alias !== undefined && functions.length === 0) problems.push(needlessAlias(found, alias));
  if (problems.length > 0) return { problems };
  const header = alias?.text ?? found.path.join('.');
  return { column: { ...found, header, functions, offset: expression.offset } };
}

function fieldArgument({ name, args }: CallNode): ExpressionNode | undefined {
  const [argument] = args;
  if (!FIELD_FUNCTIONS.has(name) || args.length !== 1 || argument === undefined || isLiteral(argument))
    return undefined;
  return argument;
}

function isLiteral(argument: ExpressionNode | LiteralNode): argument is LiteralNode {
  return argument.kind === 'literal';
}

function notSelectable({ name, offset }: CallNode): QueryProblem {
  const message = FIELD_FUNCTIONS.has(name) ? `${name}() takes one field` : `${name}() cannot be selected`;
  return {
    code: 'QUERY_UNSUPPORTED',
    message,
    hint: 'SELECT takes fields, toLabel(), FORMAT() and convertCurrency().',
    offset,
  };
}

function misapplied(functions: readonly string[], field: FieldDescribe, offset: number): QueryProblem[] {
  if (!functions.includes('CONVERTCURRENCY') || field.type === 'currency') return [];
  const message = `convertCurrency() takes a currency field; ${field.name} is of type ${field.type}`;
  return [{ code: 'QUERY_UNSUPPORTED', message, hint: 'Select the field itself.', offset }];
}

function needlessAlias({ path }: ResolvedField, { text, offset }: NameNode): QueryProblem {
  return {
    code: 'QUERY_UNSUPPORTED',
    message: `${path.join('.')} cannot have the alias ${text}: only functions take one`,
    hint: 'Rename the column in the mapping instead.',
    offset,
  };
}

/** Why a field cannot be a column of a result, which is CSV. */
export function unreadable({ path, field, siblings }: ResolvedField, offset?: number): QueryProblem[] {
  const place = offset === undefined ? {} : { offset };
  const name = path.join('.');
  const { type } = field;
  if (isCompound(field)) {
    const parts = siblings
      .filter((part) => part.compoundFieldName === field.name && part.name !== field.name && !isCompound(part))
      .map((part) => [...path.slice(0, -1), part.name].join('.'));
    const hint = parts.length === 0 ? 'Select its components.' : `Select its components: ${parts.join(', ')}.`;
    const message = `${name} is a compound field (${type}), which Bulk API 2.0 refuses`;
    return [{ code: 'QUERY_UNSUPPORTED', message, hint, ...place }];
  }
  if (type === 'base64') {
    const message = `${name} holds a file (base64), which Bulk API 2.0 does not return`;
    return [
      { code: 'QUERY_UNSUPPORTED', message, hint: 'Leave it out and read the file with the REST API.', ...place },
    ];
  }
  if (isStructured(field)) {
    const message = `${name} is of type ${type}, which has no form in CSV`;
    return [{ code: 'QUERY_UNSUPPORTED', message, hint: 'Leave it out.', ...place }];
  }
  return [];
}

export function isCompound({ type }: FieldDescribe): boolean {
  return type === 'address' || type === 'location';
}

/** Values that are objects or lists of their own, as metadata has them. */
export function isStructured({ type, soapType }: FieldDescribe): boolean {
  return /^(?:complexvalue|json|junctionidlist)$/i.test(type) || /JunctionIdList/i.test(soapType);
}
