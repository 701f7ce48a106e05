import type { ExpressionValue } from './expression-value.ts';
import type { FunctionCall } from './function-call.ts';

export interface FunctionDefinition {
  /** As the documentation spells it; found without regard to case. */
  readonly name: string;
  /** `?` ends a parameter that may be left out; `...` begins one that may be there any number of times. */
  readonly params: readonly string[];
  evaluate(this: void, call: FunctionCall): ExpressionValue;
}

/** `params` as in a signature: `text, startIndex, length?`. */
export function defineFunction(
  name: string,
  params: string,
  evaluate: FunctionDefinition['evaluate'],
): FunctionDefinition {
  return { name, params: params === '' ? [] : params.split(', '), evaluate };
}

/** The name of the parameter that takes the argument at `index`, without its marks. */
export function paramAt({ params }: FunctionDefinition, index: number): string {
  return (params[index] ?? params.at(-1) ?? '').replace(/^\.\.\.|\?$/g, '');
}

/** What is wrong with calling it with so many arguments; `undefined` when nothing is. */
export function arityProblem(definition: FunctionDefinition, count: number): string | undefined {
  const { name, params } = definition;
  const least = params.filter((param) => !param.endsWith('?') && !param.startsWith('...')).length;
  const most = params.some((param) => param.startsWith('...')) ? Infinity : params.length;
  if (count >= least && count <= most) return undefined;
  const range = least === most ? String(least) : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
  const noun = range === '1' || range === 'at least 1' ? 'argument' : 'arguments';
  return `${name}(${params.join(', ')}) takes ${range} ${noun}, not ${count}`;
}
