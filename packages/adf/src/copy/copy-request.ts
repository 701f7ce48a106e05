import { Secret } from '@sluice/core';
import * as z from 'zod';

import type { copyProperties } from '../definition/copy/copy-properties.ts';
import type { Resolved } from '../definition/value/resolved-value.ts';
import type { Redaction } from '../run/redaction.ts';
import { type DatasetRecord, datasetRecord } from './recorded-dataset.ts';

export type CopyProperties = Resolved<z.output<typeof copyProperties>>;

/** All it takes to open both ends of a copy again: what its expressions came to. */
const copyRequest = z.object({
  v: z.literal(1),
  activityName: z.string(),
  pipelineRunId: z.string(),
  activityRunId: z.string(),
  strict: z.boolean(),
  properties: z.json(),
  input: datasetRecord,
  output: datasetRecord,
});

export type CopyRequest = z.output<typeof copyRequest>;

export interface RequestFacts {
  readonly activityName: string;
  readonly pipelineRunId: string;
  readonly activityRunId: string;
  readonly strict: boolean;
  readonly properties: CopyProperties;
  readonly input: DatasetRecord;
  readonly output: DatasetRecord;
}

/** The request as text, or undefined where it would hold a secret. */
export function requestText(facts: RequestFacts, redaction: Redaction): string | undefined {
  let hasSecret = false;
  const text = JSON.stringify({ v: 1, ...facts }, function (this: Readonly<Record<string, unknown>>, name, value) {
    // What stands there before it is made JSON of.
    if (Secret.is(this[name])) hasSecret = true;
    return typeof value === 'bigint' ? String(value) : (value as unknown);
  });
  return hasSecret || redaction.text(text) !== text ? undefined : text;
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
