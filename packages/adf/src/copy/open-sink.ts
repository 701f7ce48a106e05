import { SluiceError } from '@sluice/core';
import type * as z from 'zod';

import type { copySink } from '../definition/copy/copy-sink.ts';
import { parquetDataset } from '../definition/dataset/file-datasets.ts';
import type { Resolved } from '../definition/value/resolved-value.ts';
import type { OpenDataset } from '../resolve/dataset.ts';
import { resolveProperties } from '../resolve/resolve-properties.ts';
import type { ActivityParts } from '../run/run-engine.ts';
import type { DataOptions } from './data-options.ts';
import { openStore } from './files/file-location.ts';
import { type OpenFileSink, openFileSink } from './files/open-file-sink.ts';

export type ResolvedSink = Resolved<z.output<typeof copySink>>;

/** @throws `CONNECTOR_MISSING` for what cannot be written yet; `CONFIG_INVALID`; what expressions throw. */
export async function openSink(
  sink: ResolvedSink,
  dataset: OpenDataset,
  { engine: { redaction }, pipelineRunId, activityRunId }: ActivityParts,
  { factoryFolder }: DataOptions,
): Promise<OpenFileSink> {
  if (sink.type !== 'ParquetSink') {
    throw new SluiceError('CONNECTOR_MISSING', `there is no connector for ${sink.type} here`);
  }
  const { value } = resolveProperties(
    parquetDataset.shape.typeProperties,
    dataset.properties.typeProperties,
    `dataset ${dataset.name}: typeProperties`,
    { evaluate: (json, path) => dataset.evaluate(json, path), reveal: (secret) => redaction.reveal(secret) },
  );
  return openFileSink({
    sink,
    dataset: value,
    store: await openStore(dataset.linkedService, factoryFolder),
    madeUpName: `data_${pipelineRunId}_${activityRunId}`,
  });
}
