import { SluiceError } from '@sluice/core';
import * as z from 'zod';

import type { ExpressionObject, ExpressionValue } from '../expression/expression-value.ts';
import { type DatasetReference, type OpenDataset, openDataset } from '../resolve/dataset.ts';
import { type Following, linkedServiceRequest } from '../resolve/linked-service.ts';
import { requireDataset } from '../run/find-definition.ts';

export const datasetRecord = z.object({
  referenceName: z.string(),
  /** Of its linked service. */
  arguments: z.record(z.string(), z.json()),
  /** What its expressions came to, by their places. */
  evaluated: z.record(z.string(), z.json()),
});

/** A dataset as it was used once: expressions with a clock in them come to something else the next time. */
export interface DatasetRecord {
  readonly referenceName: string;
  readonly arguments: ExpressionObject;
  readonly evaluated: Readonly<Record<string, ExpressionValue>>;
}

export interface RecordedDataset {
  readonly dataset: OpenDataset;
  /** Complete once the dataset has been put to use. */
  readonly record: DatasetRecord;
}

/** Follows a reference, and keeps what expressions come to. @throws what `openDataset` throws. */
export function recordDataset(
  reference: DatasetReference,
  evaluate: (json: unknown, path: string) => ExpressionValue,
  following: Following,
): RecordedDataset {
  const dataset = openDataset(reference, evaluate, following);
  const evaluated: Record<string, ExpressionValue> = {};
  return {
    dataset: {
      ...dataset,
      evaluate: (json, path) => (evaluated[path] = dataset.evaluate(json, path)),
    },
    record: { referenceName: reference.referenceName, arguments: dataset.linkedService.arguments, evaluated },
  };
}

/** The same again. @throws `CONFIG_INVALID` where the definitions are no longer those it was recorded with. */
export function replayDataset(record: DatasetRecord, following: Following): OpenDataset {
  const { name, properties } = requireDataset(following.factory, record.referenceName);
  return {
    name,
    properties,
    linkedService: linkedServiceRequest(properties.linkedServiceName, () => record.arguments, following),
    evaluate(_json, path) {
      const value = record.evaluated[path];
      if (value !== undefined) return value;
      throw new SluiceError('CONFIG_INVALID', `the dataset ${name} has changed: ${path} is new`);
    },
  };
}
