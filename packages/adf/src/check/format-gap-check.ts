import { FILE_CODECS } from '../copy/files/file-compression.ts';
import type { Dataset } from '../definition/factory.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { findEncoding } from './encoding.ts';
import { literalText } from './expression-check.ts';

type DatasetProperties = Dataset['properties'];

const PARQUET_CODECS: ReadonlySet<string> = new Set(['none', 'snappy', 'gzip']);
const WRITTEN_ENCODING = 'utf-8';

/** Of formats, what is written out and cannot be read here yet; what expressions give is known when the activity runs. */
export function missingFormat(dataset: DatasetProperties | undefined): readonly string[] {
  const codec = codecOf(dataset);
  return codec === undefined || FILE_CODECS.has(codec)
    ? []
    : [`there is no connector for files compressed with ${codec} here`];
}

/** The same for writing. */
export function missingWrittenFormat(dataset: DatasetProperties | undefined): readonly string[] {
  const encoding = encodingOf(dataset);
  const codec = dataset?.type === 'Parquet' ? literalText(dataset.typeProperties.compressionCodec) : undefined;
  return [
    ...missingFormat(dataset),
    ...(encoding === undefined || encoding === WRITTEN_ENCODING
      ? []
      : [`files are written in UTF-8 here, and not in ${encoding} yet`]),
    ...(codec === undefined || PARQUET_CODECS.has(codec)
      ? []
      : [`there is no connector for Parquet files compressed with ${codec} here`]),
  ];
}

/** `missing`: what of the format of a dataset cannot be done. */
export function reportMissing(missing: readonly string[], report: ProblemReport): void {
  for (const message of missing) report.error([], message, { code: 'CONNECTOR_MISSING' });
}

function codecOf(dataset: DatasetProperties | undefined): string | undefined {
  if (dataset?.type === 'DelimitedText') return literalText(dataset.typeProperties.compressionCodec);
  return dataset?.type === 'Json' ? literalText(dataset.typeProperties.compression?.type) : undefined;
}

/** One that is known. */
function encodingOf(dataset: DatasetProperties | undefined): string | undefined {
  if (dataset?.type !== 'DelimitedText' && dataset?.type !== 'Json') return undefined;
  const name = literalText(dataset.typeProperties.encodingName);
  return name === undefined ? undefined : findEncoding(name);
}
