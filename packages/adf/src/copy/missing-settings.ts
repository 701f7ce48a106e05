import type { Dataset } from '../definition/factory.ts';
import { FILE_CODECS } from './files/file-compression.ts';

type DatasetProperties = Dataset['properties'];

/** Of formats, what is written out and cannot be done here yet; what expressions give is known when the activity runs. */
export function missingFormat(dataset: DatasetProperties | undefined): readonly string[] {
  const codec = codecOf(dataset);
  return typeof codec !== 'string' || codec.includes('@') || FILE_CODECS.has(codec)
    ? []
    : [`there is no connector for files compressed with ${codec} here`];
}

function codecOf(dataset: DatasetProperties | undefined): unknown {
  if (dataset?.type === 'DelimitedText') return dataset.typeProperties.compressionCodec;
  return dataset?.type === 'Json' ? dataset.typeProperties.compression?.type : undefined;
}
