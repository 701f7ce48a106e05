import * as z from 'zod';

import type { copyProperties } from '../definition/copy/copy-properties.ts';
import type { Resolved } from '../definition/value/resolved-value.ts';
import type { ExpressionValue } from '../expression/expression-value.ts';
import type { DatasetReference } from '../resolve/dataset.ts';
import type { Redaction } from '../run/redaction.ts';

export type CopyProperties = Resolved<z.output<typeof copyProperties>>;

const reference = z.object({ referenceName: z.string(), parameters: z.json() });

/** All it takes to open both ends of a copy again: what its expressions came to. */
export const copyRequest = z.object({
  v: z.literal(1),
  activityName: z.string(),
  pipelineRunId: z.string(),
  activityRunId: z.string(),
  properties: z.json(),
  input: reference,
  output: reference,
  strict: z.boolean(),
});

export type CopyRequest = z.output<typeof copyRequest>;

export interface RequestFacts {
  readonly activityName: string;
  readonly pipelineRunId: string;
  readonly activityRunId: string;
  readonly properties: CopyProperties;
  readonly input: EvaluatedReference;
  readonly output: EvaluatedReference;
  readonly strict: boolean;
}

/** A reference whose arguments have been evaluated. */
export interface EvaluatedReference extends DatasetReference {
  readonly parameters: ExpressionValue;
}

/** The request as text, or undefined where it would hold a secret. */
export function requestText(facts: RequestFacts, redaction: Redaction): string | undefined {
  let text: string;
  try {
    text = JSON.stringify({ v: 1, ...facts });
  } catch {
    // Secrets cannot be written.
    return undefined;
  }
  return redaction.text(text) === text ? text : undefined;
}

/** Undefined for a text that is none. */
export function parseRequest(text: string): CopyRequest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return copyRequest.safeParse(value).data;
}

/** Evaluates what has been evaluated before. */
export function verbatim(json: unknown): ExpressionValue {
  // It was one then.
  return json as ExpressionValue;
}
