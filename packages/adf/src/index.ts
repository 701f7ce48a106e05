export type {
  CallNode,
  ExpressionNode,
  LiteralNode,
  PathNode,
  PathStep,
  Template,
  TemplateContent,
} from './expression/expression-ast.ts';
export type { ExpressionSource } from './expression/expression-fault.ts';
export type { ExpressionContext, ExpressionDeclarations, ExpressionScope } from './expression/expression-scope.ts';
export type { ExpressionObject, ExpressionValue } from './expression/expression-value.ts';
export { evaluateJson, findExpressionProblems } from './expression/expression-json.ts';
export { evaluateTemplate } from './expression/evaluate-template.ts';
export { functionNames } from './expression/function-table.ts';
export { conceal } from './expression/secret-value.ts';
export { checkTemplate } from './expression/template-check.ts';
export { parseTemplate } from './expression/template-parser.ts';
export { printExpression, printTemplate } from './expression/template-printer.ts';
