import { type Json, type JsonObject, SluiceError } from '@sluice/core';

/** What went wrong, for people: the code, what to do, and where in the program only for those who ask. */
export function errorLines(error: unknown, { withStack }: { readonly withStack: boolean }): readonly string[] {
  const { code, message, hint } = factsOf(error);
  return [
    `error ${code}: ${message}`,
    ...(hint === undefined ? [] : hint.split('\n').map((line) => `  ${line}`)),
    ...(withStack ? stackLines(error) : []),
  ];
}

export function errorDocument(error: unknown): JsonObject {
  const { code, message, hint } = factsOf(error);
  return { code, message, ...(hint === undefined ? {} : { hint }), ...detailsOf(error) };
}

interface ErrorFacts {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}

function factsOf(error: unknown): ErrorFacts {
  if (SluiceError.is(error)) return error;
  return {
    code: 'INTERNAL',
    message: error instanceof Error ? error.message : 'something was thrown that is no error',
    hint: 'This is a defect; run the command again with --verbose to see where it is.',
  };
}

function detailsOf(error: unknown): { readonly retryable?: boolean; readonly details?: Json } {
  if (!SluiceError.is(error)) return {};
  const { retryable, details } = error;
  return { retryable, ...(details === undefined ? {} : { details }) };
}

/** Of the error and of everything it was caused by. Only the stacks: what else an error holds is not ours to print. */
function stackLines(error: unknown): readonly string[] {
  const lines: string[] = [];
  const seen = new Set<unknown>();
  for (let cause = error; cause instanceof Error && !seen.has(cause); cause = cause.cause) {
    seen.add(cause);
    lines.push(lines.length === 0 ? 'at:' : `caused by ${cause.name}: ${cause.message}`);
    lines.push(...framesOf(cause));
  }
  return lines;
}

function framesOf({ stack = '' }: Error): readonly string[] {
  return stack.split('\n').filter((line) => /^\s+at /.test(line));
}
