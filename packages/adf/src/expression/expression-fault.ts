import { SluiceError } from '@sluice/core';

/** A string of a JSON document that holds an expression. */
export interface ExpressionSource {
  readonly text: string;
  /** Where in the document the string stands, such as `typeProperties.source.query`; empty for its top. */
  readonly path: string;
}

export interface FaultOptions {
  readonly hint?: string | undefined;
  readonly functionName?: string;
}

/**
 * An error that names the place: the path, then line and column from 1 within the string.
 *
 * `EXPRESSION_INVALID` is for what can be seen without evaluating, `EXPRESSION_FAILED` for the rest.
 */
export function expressionFault(
  code: 'EXPRESSION_INVALID' | 'EXPRESSION_FAILED',
  source: ExpressionSource,
  offset: number,
  message: string,
  { hint, functionName }: FaultOptions = {},
): SluiceError {
  const before = source.text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  const place = `${source.path === '' ? '' : `${source.path}, `}line ${line}, column ${column}`;
  return new SluiceError(code, `${place}: ${message}`, {
    ...(hint === undefined ? {} : { hint }),
    details: {
      ...(source.path === '' ? {} : { path: source.path }),
      line,
      column,
      ...(functionName === undefined ? {} : { function: functionName }),
    },
  });
}
