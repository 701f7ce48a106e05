import { isFilterable } from '../org/field-capabilities.ts';
import type { SoqlFault } from '../org/org.ts';
import type { ConditionContext } from './condition-context.ts';
import { compileExpression, type Expression, TEXT_TYPES } from './expression-compiler.ts';
import { type FilterValue, filterValue, isDecimalText } from './literal-value.ts';
import type { QueryScope } from './query-scope.ts';
import { compileSemiJoin } from './semi-join.ts';
import type { ComparisonOperator, ConditionNode, ExpressionNode, LiteralNode } from './soql-ast.ts';
import { joinConditions, type Sql, sql } from './sql-fragment.ts';

/** SQLite takes at most 50,000 bytes. */
const LONGEST_PATTERN_CHARS = 10_000;
const ASCII = /^[\x20-\x7e]*$/;
const EQUALITY_ONLY = new Set(['boolean', 'multipicklist']);

/**
 * SQL that is 1 or 0, never null, as conditions are in SOQL: a comparison with a null value is false, and so its
 * opposite (`!=`, `NOT IN`, `NOT (...)`) is true.
 */
export function compileCondition(node: ConditionNode, context: ConditionContext): Sql {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const inner = node.kind === 'or' ? { ...context, semiJoins: context.semiJoins.withinOr() } : context;
      const terms = node.terms.map((term) => compileCondition(term, inner));
      return joinConditions(node.kind === 'and' ? 'AND' : 'OR', terms);
    }
    case 'not':
      return not(compileCondition(node.term, context));
    case 'compare':
      return compare(node.left, node.operator, node.right, context);
    case 'in':
      return negatedIf(node.negated, isIn(operand(node.left, context), node.values, context));
    case 'includes':
      return negatedIf(node.negated, includes(node.left, node.values, context));
    default:
      return negatedIf(node.negated, compileSemiJoin(operand(node.left, context), node, context, compileCondition));
  }
}

function not({ text, params }: Sql): Sql {
  return sql(`NOT ${text}`, ...params);
}

function negatedIf(negated: boolean, condition: Sql): Sql {
  return negated ? not(condition) : condition;
}

function operand(node: ExpressionNode, context: ConditionContext): Expression {
  const { scope } = context;
  const expression = compileExpression(scope, node);
  if (!context.isAllowed(node)) {
    const message = expression.isAggregate
      ? 'an aggregate function stands in HAVING, not in WHERE'
      : `Field must be grouped or aggregated: ${expression.field.name}`;
    throw scope.fault(expression.offset, 'MALFORMED_QUERY', message);
  }
  if (expression.functions.includes('FORMAT')) {
    throw scope.fault(expression.offset, 'MALFORMED_QUERY', 'FORMAT() stands in the SELECT list alone');
  }
  if (!expression.isAggregate && !isFilterable(expression.field)) {
    const message = `field '${expression.field.name}' can not be filtered in a query call`;
    throw scope.fault(expression.offset, 'INVALID_FIELD', message);
  }
  return expression.functions[0] === 'TOLABEL' ? { ...expression, sql: labelSql(expression) } : expression;
}

function labelSql({ sql: column, field }: Expression): string {
  const entries = Object.entries(field.picklistLabels ?? {}).filter(([value, label]) => value !== label);
  if (entries.length === 0) return column;
  return `CASE ${column} ${entries.map(([value, label]) => `WHEN ${quoted(value)} THEN ${quoted(label)}`).join(' ')} ELSE ${column} END`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function compare(
  leftNode: ExpressionNode,
  operator: ComparisonOperator,
  literal: LiteralNode,
  context: ConditionContext,
): Sql {
  const left = operand(leftNode, context);
  if (operator === 'LIKE') return like(left, literal, context);
  const value = filterValue(literal, left, context);
  if (operator === '=') return equals(left, value, context);
  if (operator === '!=') return not(equals(left, value, context));
  if (EQUALITY_ONLY.has(left.type)) throw invalidOperator(left, literal, context);
  if (value.kind === 'null') throw invalidOperator(left, literal, context);
  return ordered(left, operator, value, context);
}

function invalidOperator(left: Expression, literal: LiteralNode, { scope }: ConditionContext): SoqlFault {
  const kind = left.type === 'reference' ? 'id' : left.type;
  return scope.fault(literal.offset, 'INVALID_QUERY_FILTER_OPERATOR', `invalid operator on ${kind} field`);
}

function equals(left: Expression, value: FilterValue, { scope }: ConditionContext): Sql {
  const column = left.sql;
  if (left.type === 'boolean') return sql(`(IFNULL(${column}, 0) = ?)`, value.kind === 'value' ? value.value : 0);
  if (value.kind === 'null') return sql(`(${column} IS NULL)`);
  if (value.kind === 'range') return sql(`IFNULL(${column} >= ? AND ${column} < ?, 0)`, value.start, value.end);
  const { key, param } = comparable(left, value.value, scope);
  return sql(`IFNULL(${key} = ?, 0)`, param);
}

/** The SQL to compare a field by, and the value to compare it with; text ignores case. */
function comparable(
  left: Expression,
  value: string | number | bigint,
  scope: QueryScope,
): { readonly key: string; readonly param: string | number | bigint } {
  if (isDecimalText(left.type, left.isAggregate, scope)) return { key: `decimal_key(${left.sql})`, param: value };
  const isText = TEXT_TYPES.has(left.type) && typeof value === 'string';
  if (!isText || (left.field.caseSensitive && left.field.unique)) return { key: left.sql, param: value };
  // No column text equals, precedes or follows ASCII text differently when letters beyond ASCII are folded too.
  if (ASCII.test(value)) return { key: `${left.sql} COLLATE NOCASE`, param: value };
  return { key: `fold(${left.sql})`, param: value.toLowerCase() };
}

/** Against a literal such as LAST_MONTH: before or after it means outside it, at most or at least includes it. */
function ordered(
  left: Expression,
  operator: Exclude<ComparisonOperator, '=' | '!=' | 'LIKE'>,
  value: Exclude<FilterValue, { kind: 'null' }>,
  { scope }: ConditionContext,
): Sql {
  if (value.kind === 'range') {
    const [rangeOperator, bound] = {
      '<': ['<', value.start] as const,
      '>=': ['>=', value.start] as const,
      '<=': ['<', value.end] as const,
      '>': ['>=', value.end] as const,
    }[operator];
    return sql(`IFNULL(${left.sql} ${rangeOperator} ?, 0)`, bound);
  }
  const { key, param } = comparable(left, value.value, scope);
  return sql(`IFNULL(${key} ${operator} ?, 0)`, param);
}

function like(left: Expression, literal: LiteralNode, context: ConditionContext): Sql {
  const isText = TEXT_TYPES.has(left.type) && left.type !== 'multipicklist';
  if (!isText || literal.type !== 'string') throw invalidOperator(left, literal, context);
  if (literal.pattern.length > LONGEST_PATTERN_CHARS) {
    throw context.scope.fault(literal.offset, 'MALFORMED_QUERY', 'the pattern of LIKE is too long');
  }
  const isAscii = ASCII.test(literal.pattern);
  const column = isAscii ? left.sql : `fold(${left.sql})`;
  return sql(`IFNULL(${column} LIKE ? ESCAPE '\\', 0)`, isAscii ? literal.pattern : literal.pattern.toLowerCase());
}

function isIn(left: Expression, literals: readonly LiteralNode[], context: ConditionContext): Sql {
  const values = literals.map((literal) => filterValue(literal, left, context));
  const { scope } = context;
  const params = values.flatMap((value) => (value.kind === 'value' ? comparable(left, value.value, scope) : []));
  const others = values.filter((value) => value.kind !== 'value' || left.type === 'boolean');
  const terms = others.map((value) => equals(left, value, context));
  if (left.type !== 'boolean') {
    for (const [key, group] of Map.groupBy(params, ({ key }) => key)) {
      const list = `[${group.map(({ param }) => (typeof param === 'bigint' ? String(param) : JSON.stringify(param))).join(',')}]`;
      terms.push(sql(`IFNULL(${key} IN (SELECT value FROM json_each(?)), 0)`, list));
    }
  }
  return joinConditions('OR', terms);
}

/** `INCLUDES ('A;B', 'C')`: A and B, or C. */
function includes(leftNode: ExpressionNode, literals: readonly LiteralNode[], context: ConditionContext): Sql {
  const left = operand(leftNode, context);
  const [first] = literals;
  if (left.type !== 'multipicklist' && first !== undefined) throw invalidOperator(left, first, context);
  const groups = literals.map((literal) => {
    const value = filterValue(literal, left, context);
    if (value.kind === 'null') return sql(`(${left.sql} IS NULL)`);
    const entries = literal.value.split(';').filter((entry) => entry !== '');
    const terms = entries.map((entry) =>
      sql(`IFNULL(instr(';' || fold(${left.sql}) || ';', ?) > 0, 0)`, `;${entry.toLowerCase()};`),
    );
    return joinConditions('AND', terms);
  });
  return joinConditions('OR', groups);
}
