import type { ComparisonOperator, ConditionNode, ExpressionNode, LiteralNode, QueryNode } from './soql-ast.ts';
import type { TokenReader } from './token-reader.ts';

const OPERATORS: Readonly<Record<string, ComparisonOperator>> = {
  '=': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

type QueryParser = (reader: TokenReader) => QueryNode;

/**
 * A condition of WHERE or HAVING. AND and OR do not mix without parentheses, and NOT stands alone or within them, as
 * the SOQL reference has it: such a statement is malformed at the second operator.
 */
export function parseCondition(reader: TokenReader, parseQuery: QueryParser): ConditionNode {
  return reader.nested(() => {
    if (reader.take('NOT')) return { kind: 'not', term: parseTerm(reader, parseQuery) };
    const terms = [parseTerm(reader, parseQuery)];
    if (!reader.at('AND') && !reader.at('OR')) return terms[0]!;
    const operator = reader.at('AND') ? 'AND' : 'OR';
    while (reader.take(operator)) terms.push(parseTerm(reader, parseQuery));
    if (reader.at('AND') || reader.at('OR')) throw reader.unexpected();
    return { kind: operator === 'AND' ? 'and' : 'or', terms };
  });
}

function parseTerm(reader: TokenReader, parseQuery: QueryParser): ConditionNode {
  if (!reader.take('(')) return parseFieldCondition(reader, parseQuery);
  const condition = parseCondition(reader, parseQuery);
  reader.expect(')');
  return condition;
}

function parseFieldCondition(reader: TokenReader, parseQuery: QueryParser): ConditionNode {
  if (reader.at('NOT')) throw reader.unexpected();
  const left = parseExpression(reader);
  const { offset, text } = reader.peek();
  if (reader.take('LIKE')) return { kind: 'compare', left, operator: 'LIKE', right: parseLiteral(reader), offset };
  if (reader.take('INCLUDES')) return { kind: 'includes', left, negated: false, values: parseList(reader), offset };
  if (reader.take('EXCLUDES')) return { kind: 'includes', left, negated: true, values: parseList(reader), offset };
  const negated = reader.take('NOT', 'IN');
  if (negated || reader.take('IN')) {
    if (!reader.at('(', 'SELECT')) return { kind: 'in', left, negated, values: parseList(reader), offset };
    reader.expect('(');
    const query = reader.nested(() => parseQuery(reader));
    reader.expect(')');
    return { kind: 'semiJoin', left, negated, query, offset };
  }
  const operator = OPERATORS[text];
  if (operator === undefined) throw reader.unexpected();
  reader.next();
  return { kind: 'compare', left, operator, right: parseLiteral(reader), offset };
}

/** A path, or a function of paths and literals. */
export function parseExpression(reader: TokenReader): ExpressionNode {
  const first = reader.word();
  if (reader.take('(')) {
    const args: (ExpressionNode | LiteralNode)[] = [];
    while (!reader.take(')')) {
      if (args.length > 0) reader.expect(',');
      const isExpression = reader.peek().kind === 'word';
      args.push(isExpression ? reader.nested(() => parseExpression(reader)) : parseLiteral(reader));
    }
    return { kind: 'call', name: first.text.toUpperCase(), args, offset: first.offset };
  }
  const parts = [first.text];
  while (reader.take('.')) parts.push(reader.word().text);
  return { kind: 'path', parts, offset: first.offset };
}

function parseList(reader: TokenReader): readonly LiteralNode[] {
  reader.expect('(');
  const values = [parseLiteral(reader)];
  while (reader.take(',')) values.push(parseLiteral(reader));
  reader.expect(')');
  return values;
}

function parseLiteral(reader: TokenReader): LiteralNode {
  const { kind, text, offset, value, pattern } = reader.peek();
  const literal = (type: LiteralNode['type'], shown = text): LiteralNode => {
    reader.next();
    return { kind: 'literal', type, value: shown, pattern, count: undefined, offset };
  };
  if (kind === 'string') return literal('string', value);
  if (kind === 'number' || kind === 'date' || kind === 'datetime' || kind === 'time') return literal(kind);
  if (kind !== 'word') throw reader.unexpected();
  const upper = text.toUpperCase();
  if (upper === 'NULL') return literal('null');
  if (upper === 'TRUE' || upper === 'FALSE') return literal('boolean', upper.toLowerCase());
  if (!/^[A-Z]+(?:_[A-Z0-9]+)*$/.test(upper) || upper === 'SELECT') throw reader.unexpected();
  const name = literal('relativeDate', upper);
  return reader.take(':') ? { ...name, count: reader.count() } : name;
}
