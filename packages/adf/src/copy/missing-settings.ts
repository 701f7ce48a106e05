import type { CopySource } from '../definition/copy/copy-source.ts';
import type { Dataset } from '../definition/factory.ts';

type DatasetProperties = Dataset['properties'];

/** Of formats, what is written out and cannot be done here yet; what expressions give is known when the activity runs. */
export function missingFormat(dataset: DatasetProperties | undefined): readonly string[] {
  if (dataset?.type === 'Parquet') {
    const { compressionCodec: codec } = dataset.typeProperties;
    return codec === 'gzip' ? ['there is no connector for Parquet files compressed with gzip here'] : [];
  }
  if (dataset?.type !== 'DelimitedText') return [];
  const { compressionCodec: codec } = dataset.typeProperties;
  return typeof codec !== 'string' || codec === 'none' || isExpression(codec)
    ? []
    : [`there is no connector for text files compressed with ${codec} here`];
}

const FILE_CHOICES = [
  'wildcardFolderPath',
  'fileListPath',
  'fileFilter',
  'modifiedDatetimeStart',
  'modifiedDatetimeEnd',
] as const;

/** Of sources. */
export function missingSourceSettings(source: CopySource): readonly string[] {
  if (source.type !== 'DelimitedTextSource') return [];
  const settings = source.storeSettings;
  if (settings?.type !== 'FileServerReadSettings') return [];
  return [
    ...FILE_CHOICES.filter((name) => settings[name] !== undefined),
    ...(settings.enablePartitionDiscovery === true ? ['enablePartitionDiscovery'] : []),
  ].map((name) => `files cannot be chosen by ${name} here yet`);
}

function isExpression(text: string): boolean {
  return text.includes('@');
}
