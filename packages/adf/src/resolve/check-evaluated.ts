import { SluiceError } from '@sluice/core';
import * as z from 'zod';

import type { Resolved } from '../definition/value/resolved-value.ts';
import type { ExpressionValue } from '../expression/expression-value.ts';
import { type JsonPath, pathText } from '../json/json-node.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import type { JsonValue } from '../reading/canonical-json.ts';
import { reportIssues } from '../reading/schema-problem.ts';
import { schemaOfEvaluated } from './evaluated-schema.ts';

/**
 * A part of a definition whose expressions have been evaluated, each value of the kind that belongs there, and what was
 * left out filled in.
 *
 * `path` is where the part stands in its file, for errors. Secrets are let through only where any JSON may stand.
 *
 * @throws `CONFIG_INVALID` with all values that are not of the kind that belongs where they stand, and without them.
 */
export function checkEvaluated<Schema extends z.ZodType>(
  schema: Schema,
  evaluated: ExpressionValue,
  path: string,
): Resolved<z.output<Schema>> {
  const result = z.safeParse(schemaOfEvaluated(schema), evaluated);
  // The schema of evaluated values gives what is left of the type without expressions.
  if (result.success) return result.data as Resolved<z.output<Schema>>;
  const lines: string[] = [];
  const report = lineReport(path, lines);
  reportIssues(result.error.issues, evaluated as JsonValue, report);
  throw new SluiceError(
    'CONFIG_INVALID',
    lines.length === 1 ? lines[0]! : `${lines.length} values are not as they should be\n  ${lines.join('\n  ')}`,
    {
      hint: 'Correct what the expression gives there.',
    },
  );
}

function lineReport(base: string, lines: string[]): ProblemReport {
  const add = (path: JsonPath, message: string): void => {
    const place = [base, pathText(path)].filter((text) => text !== '').join('.');
    lines.push(place === '' ? message : `${place}: ${message}`);
  };
  return { error: add, warn: add, beyondFactory: add, within: () => lineReport(base, lines) };
}
