import { parseLiteral } from './parse-literal.ts';
import type { ConditionNode, ExpressionNode, LiteralNode, QueryNode } from './soql-ast.ts';
import type { SoqlReader } from './soql-reader.ts';

const COMPARISONS = ['<=', '>=', '!=', '<>', '=', '<', '>'] as const;

type QueryParser = (reader: SoqlReader) => QueryNode;

/** The comparisons of a WHERE or HAVING clause, in order. */
export function parseConditions(reader: SoqlReader, parseQuery: QueryParser): readonly ConditionNode[] {
  const conditions: ConditionNode[] = [];
  parseChain(reader, parseQuery, conditions);
  return conditions;
}

function parseChain(reader: SoqlReader, parseQuery: QueryParser, conditions: ConditionNode[]): void {
  parseTerm(reader, parseQuery, conditions);
  const operator = reader.atWords('AND') ? 'AND' : 'OR';
  while (reader.takeWords(operator)) parseTerm(reader, parseQuery, conditions);
  if (reader.atWords('AND') || reader.atWords('OR')) {
    throw reader.fault('AND and OR side by side', { hint: 'Say with parentheses which of AND and OR goes first.' });
  }
}

function parseTerm(reader: SoqlReader, parseQuery: QueryParser, conditions: ConditionNode[]): void {
  while (reader.takeWords('NOT'));
  if (!reader.takeSymbol('(')) {
    conditions.push(parseComparison(reader, parseQuery));
    return;
  }
  reader.nested(() => {
    parseChain(reader, parseQuery, conditions);
  });
  reader.expectSymbol(')');
}

function parseComparison(reader: SoqlReader, parseQuery: QueryParser): ConditionNode {
  const left = parseExpression(reader);
  const operator = takeOperator(reader);
  if (operator === undefined) throw reader.expected('a comparison');
  if (!/IN$|INCLUDES|EXCLUDES/.test(operator)) {
    return { left, operator, values: [parseLiteral(reader)], subquery: undefined };
  }
  // A bind variable may stand for the whole list.
  if (reader.atSymbol(':')) parseLiteral(reader);
  reader.expectSymbol('(');
  const subquery = reader.atWords('SELECT') ? reader.nested(() => parseQuery(reader)) : undefined;
  const values: LiteralNode[] = [];
  if (subquery === undefined) {
    do values.push(parseLiteral(reader));
    while (reader.takeSymbol(','));
  }
  reader.expectSymbol(')');
  return { left, operator, values, subquery };
}

function takeOperator(reader: SoqlReader): string | undefined {
  for (const words of [['NOT', 'IN'], ['IN'], ['LIKE'], ['INCLUDES'], ['EXCLUDES']]) {
    if (reader.takeWords(...words)) return words.join(' ');
  }
  return COMPARISONS.find((symbol) => reader.takeSymbol(symbol));
}

/** A field, or a function of fields and values. */
export function parseExpression(reader: SoqlReader): ExpressionNode {
  const first = reader.takeName('a field');
  if (reader.takeSymbol('(')) {
    const args = reader.nested(() => parseArguments(reader));
    return { kind: 'call', name: first.text.toUpperCase(), args, offset: first.offset, end: reader.lastEnd };
  }
  const path = [first.text];
  while (reader.takeSymbol('.')) path.push(reader.takeName('a field').text);
  return { kind: 'field', path, offset: first.offset };
}

function parseArguments(reader: SoqlReader): readonly (ExpressionNode | LiteralNode)[] {
  const args: (ExpressionNode | LiteralNode)[] = [];
  while (!reader.takeSymbol(')')) {
    if (args.length > 0) reader.expectSymbol(',');
    args.push(reader.peekWord() === undefined ? parseLiteral(reader) : parseExpression(reader));
  }
  return args;
}
