import { isCompound } from '../org/field-capabilities.ts';
import { defineField } from '../org/field-definition.ts';
import type { FieldDefinition, FieldType } from '../org/org.ts';
import { DATE_FUNCTIONS } from './date-function.ts';
import type { QueryScope, ResolvedField } from './query-scope.ts';
import type { CallNode, ExpressionNode, LiteralNode, PathNode } from './soql-ast.ts';

/** What an expression is once its names are resolved. */
export interface Expression {
  /** Without parameters. For a compound field the SQL of nothing: its components hold the values. */
  readonly sql: string;
  readonly type: FieldType;
  /** The field it reads; for a count or a date function one made up for its result. */
  readonly field: FieldDefinition;
  readonly resolved: ResolvedField | undefined;
  /** Names of the functions around the field, outermost first, in upper case. */
  readonly functions: readonly string[];
  readonly isAggregate: boolean;
  readonly offset: number;
}

const AGGREGATES = new Set(['COUNT', 'COUNT_DISTINCT', 'SUM', 'AVG', 'MIN', 'MAX']);
const NUMBER_TYPES = new Set<FieldType>(['int', 'long', 'double', 'currency', 'percent']);

/** Whether the expression is an aggregate function, or a function of one. */
export function isAggregateCall(expression: ExpressionNode | LiteralNode): boolean {
  return expression.kind === 'call' && (AGGREGATES.has(expression.name) || expression.args.some(isAggregateCall));
}

/** @throws {SoqlFault} when a name means nothing, or a function does not apply to its field. */
export function compileExpression(scope: QueryScope, node: ExpressionNode): Expression {
  if (node.kind === 'path') return fieldExpression(scope, node);
  if (AGGREGATES.has(node.name)) return aggregateExpression(scope, node);
  if (DATE_FUNCTIONS[node.name] !== undefined) return dateExpression(scope, node);
  if (node.name === 'CONVERTTIMEZONE')
    throw scope.fault(node.offset, 'MALFORMED_QUERY', 'convertTimezone() stands only within a date function');
  if (node.name !== 'TOLABEL' && node.name !== 'FORMAT' && node.name !== 'CONVERTCURRENCY')
    throw unknownFunction(scope, node);
  const inner = compileExpression(scope, argumentOf(scope, node));
  if (node.name === 'CONVERTCURRENCY' && inner.type !== 'currency') {
    throw scope.fault(node.offset, 'INVALID_FIELD', 'convertCurrency() applies to currency fields');
  }
  if (isCompound(inner.field))
    throw scope.fault(node.offset, 'INVALID_FIELD', `${node.name} does not apply to compound fields`);
  const type = node.name === 'CONVERTCURRENCY' ? inner.type : 'string';
  return { ...inner, type, functions: [node.name, ...inner.functions], offset: node.offset };
}

function fieldExpression(scope: QueryScope, node: PathNode): Expression {
  const resolved = scope.resolve(node);
  const { field } = resolved;
  const column = isCompound(field) ? 'NULL' : scope.column(resolved.node, field.name);
  return { sql: column, type: field.type, field, resolved, functions: [], isAggregate: false, offset: node.offset };
}

function dateExpression(scope: QueryScope, node: CallNode): Expression {
  const dateFunction = DATE_FUNCTIONS[node.name]!;
  const argument = argumentOf(scope, node);
  const isZoned = argument.kind === 'call' && argument.name === 'CONVERTTIMEZONE';
  const instant = compileExpression(scope, isZoned ? argumentOf(scope, argument) : argument);
  if (instant.type !== 'datetime' && (instant.type !== 'date' || dateFunction.dateTimeOnly)) {
    const wanted = dateFunction.dateTimeOnly ? 'dateTime' : 'date or dateTime';
    throw scope.fault(node.offset, 'INVALID_FIELD', `${node.name} applies to fields of type ${wanted}`);
  }
  return {
    ...instant,
    sql: dateFunction.sql(instant.sql),
    type: dateFunction.type,
    field: resultField(node.name, dateFunction.type),
    functions: [node.name],
    offset: node.offset,
  };
}

function aggregateExpression(scope: QueryScope, node: CallNode): Expression {
  const common = { functions: [node.name], isAggregate: true, offset: node.offset };
  if (node.name === 'COUNT' && node.args.length === 0) {
    return { ...common, sql: 'COUNT(*)', type: 'int', field: resultField('COUNT', 'int'), resolved: undefined };
  }
  const inner = compileExpression(scope, argumentOf(scope, node));
  if (isCompound(inner.field) || inner.type === 'base64') throw badAggregate(scope, node, inner);
  const count = (text: string): Expression => ({
    ...inner,
    ...common,
    sql: text,
    type: 'int',
    field: resultField(node.name, 'int'),
  });
  const distinct = TEXT_TYPES.has(inner.type) ? `${inner.sql} COLLATE NOCASE` : inner.sql;
  if (node.name === 'COUNT') return count(`COUNT(${inner.sql})`);
  if (node.name === 'COUNT_DISTINCT') return count(`COUNT(DISTINCT ${distinct})`);
  const isNumber = NUMBER_TYPES.has(inner.type);
  if (!isNumber && (node.name === 'SUM' || node.name === 'AVG' || inner.type === 'boolean'))
    throw badAggregate(scope, node, inner);
  const operand = isNumber ? `CAST(${inner.sql} AS NUMERIC)` : distinct;
  if (node.name !== 'AVG') return { ...inner, ...common, sql: `${node.name}(${operand})` };
  return { ...inner, ...common, sql: `AVG(${operand})`, type: 'double', field: resultField('AVG', 'double') };
}

export const TEXT_TYPES: ReadonlySet<FieldType> = new Set<FieldType>([
  'string',
  'textarea',
  'phone',
  'url',
  'email',
  'picklist',
  'multipicklist',
  'combobox',
  'encryptedstring',
  'anyType',
]);

function badAggregate(scope: QueryScope, node: CallNode, { field }: Expression): Error {
  return scope.fault(
    node.offset,
    'MALFORMED_QUERY',
    `field ${field.name} does not support aggregate operator ${node.name}`,
  );
}

function resultField(name: string, type: FieldType): FieldDefinition {
  return defineField(name, { type })[0]!;
}

/** The one argument of a function, a field or a function of one. */
function argumentOf(scope: QueryScope, { name, args, offset }: CallNode): ExpressionNode {
  const [argument, second] = args;
  if (argument === undefined || second !== undefined || isLiteral(argument)) {
    throw scope.fault(offset, 'MALFORMED_QUERY', `${name} takes one field`);
  }
  return argument;
}

function isLiteral(argument: ExpressionNode | LiteralNode): argument is LiteralNode {
  return argument.kind === 'literal';
}

function unknownFunction(scope: QueryScope, { name, offset }: CallNode): Error {
  const known = name === 'DISTANCE' || name === 'GEOLOCATION' || name === 'GROUPING';
  const message = known ? `${name} is not supported by this emulator` : `unknown function: ${name}`;
  return scope.fault(offset, 'MALFORMED_QUERY', message);
}
