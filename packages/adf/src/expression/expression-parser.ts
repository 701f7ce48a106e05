import type { CallNode, ExpressionNode, LiteralNode, PathStep } from './expression-ast.ts';
import type { ExpressionTokens, Token } from './expression-tokens.ts';
import { MAX_EXPRESSION_DEPTH } from './limits.ts';

const KEYWORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };
const INTEGER = /^-?\d+$/;

/**
 * Reads one expression and stops behind it.
 *
 * @throws `EXPRESSION_INVALID` at the first token that does not fit.
 */
export function parseExpression(tokens: ExpressionTokens, depth = 0): ExpressionNode {
  if (depth > MAX_EXPRESSION_DEPTH) {
    throw tokens.fault('the expression is nested too deep', tokens.peek().offset, 'Set a variable in between.');
  }
  const root = parseRoot(tokens, depth);
  const steps: PathStep[] = [];
  for (let step = parseStep(tokens, depth); step !== undefined; step = parseStep(tokens, depth)) steps.push(step);
  return steps.length === 0 ? root : { kind: 'path', root, steps, offset: root.offset };
}

function parseRoot(tokens: ExpressionTokens, depth: number): LiteralNode | CallNode {
  const { kind } = tokens.peek();
  if (kind === 'text') {
    const { text, offset } = tokens.next();
    return { kind: 'literal', value: text, offset };
  }
  if (kind === 'number') return numberLiteral(tokens);
  if (kind !== 'name') throw tokens.expected('a function, a text in quotes or a number');
  const name = tokens.next();
  return tokens.at('(') ? parseCall(tokens, name, depth) : keywordLiteral(tokens, name);
}

function numberLiteral(tokens: ExpressionTokens): LiteralNode {
  const { text, offset } = tokens.next();
  const value = Number(text);
  if (!Number.isFinite(value)) throw tokens.fault('the number is too large', offset);
  const isExact = Number.isSafeInteger(value) || !INTEGER.test(text);
  // Minus zero is no number of JSON's.
  return { kind: 'literal', value: isExact ? (value === 0 ? 0 : value) : BigInt(text), offset };
}

function keywordLiteral(tokens: ExpressionTokens, { text, offset }: Token): LiteralNode {
  const keyword = text.toLowerCase();
  if (Object.hasOwn(KEYWORDS, keyword)) return { kind: 'literal', value: KEYWORDS[keyword]!, offset };
  throw tokens.fault(
    `${JSON.stringify(text)} is neither a call nor a literal`,
    offset,
    `Write '${text}' for a text, ${text}() for a call.`,
  );
}

function parseCall(tokens: ExpressionTokens, { text: name, offset }: Token, depth: number): CallNode {
  tokens.next();
  const args: ExpressionNode[] = [];
  if (tokens.take(')')) return { kind: 'call', name, args, offset };
  for (;;) {
    args.push(parseExpression(tokens, depth + 1));
    if (tokens.take(')')) return { kind: 'call', name, args, offset };
    if (!tokens.take(',')) throw tokens.expected(`"," or ")" in the call of ${name}`);
  }
}

function parseStep(tokens: ExpressionTokens, depth: number): PathStep | undefined {
  const { offset } = tokens.peek();
  const isOptional = tokens.at('?.') || tokens.at('?[');
  if (tokens.take('[') || tokens.take('?[')) {
    const index = parseExpression(tokens, depth + 1);
    if (!tokens.take(']')) throw tokens.expected('"]"');
    return { kind: 'index', index, isOptional, offset };
  }
  if (!tokens.take('.') && !tokens.take('?.')) return undefined;
  if (tokens.peek().kind !== 'name') {
    throw tokens.expected('the name of a property', "A name with other characters is selected in brackets: ['0-9'].");
  }
  return { kind: 'member', name: tokens.next().text, isOptional, offset };
}
