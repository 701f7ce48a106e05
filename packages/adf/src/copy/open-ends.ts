import type { OpenDataset } from '../resolve/dataset.ts';
import type { RunEngine } from '../run/run-engine.ts';
import type { CopyProperties } from './copy-request.ts';
import type { DataOptions } from './data-options.ts';
import { openSink, type SinkParts, splitsFiles } from './open-sink.ts';
import { type OpenedSource, openSource } from './open-source.ts';
import type { OpenedSink } from './opened-sink.ts';
import type { ResolvedSource } from './resolved-ends.ts';

export interface EndDatasets {
  readonly from: OpenDataset;
  readonly to: OpenDataset;
}

export interface EndParts extends SinkParts {
  readonly engine: Pick<RunEngine, 'redaction' | 'strict'>;
}

/** What a copy writes. @throws what `openSink` throws. */
export async function openTarget(
  { sink, translator }: CopyProperties,
  { to }: EndDatasets,
  parts: EndParts,
  options: DataOptions,
): Promise<OpenedSink> {
  return await openSink(sink, to, parts, options, translator);
}

/** What a copy reads. @throws what `openSource` throws. */
export async function openOrigin(
  { source, sink, translator, enableSkipIncompatibleRow }: CopyProperties,
  { from }: EndDatasets,
  { engine }: EndParts,
  options: DataOptions,
): Promise<OpenedSource> {
  return await openSource(splitsFiles(sink) ? inSequence(source) : source, from, engine, options, {
    translator,
    asDocuments: sink.type === 'JsonSink',
    skipsRows: enableSkipIncompatibleRow,
  });
}

/** Read in one go, where the source can do otherwise. */
function inSequence(source: ResolvedSource): ResolvedSource {
  return 'partitionOption' in source ? { ...source, partitionOption: 'None' } : source;
}
