import type { ExpressionNode, LiteralNode, PathStep, Template } from './expression-ast.ts';

/** The string that is taken apart into just this content. */
export function printTemplate({ content }: Pick<Template, 'content'>): string {
  if (content.kind === 'expression') return `@${printExpression(content.expression)}`;
  if (content.kind === 'text') {
    return content.text.startsWith('@') ? `@${content.text}` : escapeText(content.text);
  }
  return content.parts
    .map((part) => (typeof part === 'string' ? escapeText(part) : `@{${printExpression(part)}}`))
    .join('');
}

/** An expression as it stands behind the `@`. */
export function printExpression(node: ExpressionNode): string {
  switch (node.kind) {
    case 'literal':
      return printLiteral(node.value);
    case 'call':
      return `${node.name}(${node.args.map(printExpression).join(', ')})`;
    case 'path':
      return printExpression(node.root) + node.steps.map(printStep).join('');
  }
}

function printLiteral(value: LiteralNode['value']): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  const text = String(value);
  // Without the point it would be read as an integer, exactly.
  const isLargeFloat = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return isLargeFloat && !text.includes('e') ? `${text}.0` : text;
}

function printStep(step: PathStep): string {
  const optional = step.isOptional ? '?' : '';
  return step.kind === 'member' ? `${optional}.${step.name}` : `${optional}[${printExpression(step.index)}]`;
}

function escapeText(text: string): string {
  return text.replaceAll('@{', '@@{');
}
