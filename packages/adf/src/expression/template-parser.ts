import type { ExpressionNode, Template, TemplateContent } from './expression-ast.ts';
import type { ExpressionSource } from './expression-fault.ts';
import { parseExpression } from './expression-parser.ts';
import { ExpressionTokens } from './expression-tokens.ts';

/** `@@{` comes first: it is a literal `@{`. */
const OPENING = /@@\{|@\{/g;

/**
 * Takes a string of a JSON document apart: `@expr`, `text @{expr} text`, `@@text`, or a text.
 *
 * `path` says in errors where in the document the string stands.
 *
 * @throws `EXPRESSION_INVALID` where an expression cannot be read. Functions and names are not looked up.
 */
export function parseTemplate(text: string, path = ''): Template {
  const source: ExpressionSource = { text, path };
  return { source, content: parseContent(source) };
}

function parseContent(source: ExpressionSource): TemplateContent {
  const { text } = source;
  if (text.startsWith('@@')) return { kind: 'text', text: text.slice(1) };
  if (text.startsWith('@') && !text.startsWith('@{'))
    return { kind: 'expression', expression: wholeExpression(source) };
  const parts = interpolatedParts(source);
  if (parts.every((part) => typeof part === 'string')) return { kind: 'text', text: parts.join('') };
  return { kind: 'interpolation', parts };
}

function wholeExpression(source: ExpressionSource): ExpressionNode {
  const tokens = new ExpressionTokens(source, 1);
  const hint = 'A text that begins with @ is written @@; expressions within a text are written @{…}.';
  if (tokens.peek().kind === 'end') throw tokens.expected('an expression', hint);
  const expression = parseExpression(tokens);
  if (tokens.peek().kind !== 'end') throw tokens.expected('the end of the expression', hint);
  return expression;
}

/** Texts and expressions in turn; neighbouring texts are one, and none is empty. */
function interpolatedParts(source: ExpressionSource): readonly (string | ExpressionNode)[] {
  const parts: (string | ExpressionNode)[] = [];
  let literal = '';
  let from = 0;
  for (;;) {
    OPENING.lastIndex = from;
    const opening = OPENING.exec(source.text);
    literal += source.text.slice(from, opening?.index);
    if (opening?.[0] === '@@{') {
      literal += '@{';
      from = OPENING.lastIndex;
      continue;
    }
    if (literal !== '') parts.push(literal);
    if (opening === null) return parts;
    literal = '';
    const tokens = new ExpressionTokens(source, OPENING.lastIndex);
    parts.push(parseExpression(tokens));
    if (!tokens.at('}')) throw tokens.expected('"}"', 'A literal @{ is written @@{.');
    from = tokens.next().end;
  }
}
