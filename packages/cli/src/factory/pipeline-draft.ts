import type { Factory } from '@sluice/adf';

import type { Interview } from './interview.ts';

export interface PipelineFlags {
  readonly from?: string;
  readonly to?: string;
  readonly query?: string;
}

/** Properties of a pipeline that copies from one dataset to another. */
export async function pipelineDraft(flags: PipelineFlags, interview: Interview, factory: Factory): Promise<object> {
  const names = [...factory.datasets].map(({ name }) => name).join(', ');
  const from = await interview.text({ option: '--from', given: flags.from, text: `Dataset to read (${names})` });
  const to = await interview.text({ option: '--to', given: flags.to, text: `Dataset to write (${names})` });
  const source = endType(from, 'Source', factory);
  const isOrg = source.startsWith('Salesforce');
  const query = isOrg
    ? await interview.text({ option: '--query', given: flags.query, text: 'SOQL (empty for all fields)', fallback: '' })
    : (flags.query ?? '');
  const sink = endType(to, 'Sink', factory);
  return {
    activities: [
      {
        name: 'Copy',
        type: 'Copy',
        inputs: [{ referenceName: from, type: 'DatasetReference' }],
        outputs: [{ referenceName: to, type: 'DatasetReference' }],
        typeProperties: {
          source: { type: source, ...(query === '' ? {} : { query }), ...(isOrg ? {} : readSettings(source)) },
          sink: { type: sink, ...writeSettings(sink) },
        },
      },
    ],
  };
}

/** `SalesforceV2Object` is read by a `SalesforceV2Source`; what cannot be is found out when it is checked. */
function endType(dataset: string, end: 'Source' | 'Sink', { datasets }: Factory): string {
  const type = datasets.get(dataset)?.properties.type ?? 'Parquet';
  return `${type.replace(/(Object|Table)$/, '')}${end}`;
}

function readSettings(source: string): object {
  if (source === 'AzurePostgreSqlSource') return {};
  const formatSettings =
    source === 'ParquetSource' ? {} : { formatSettings: { type: source.replace(/Source$/, 'ReadSettings') } };
  return { storeSettings: { type: 'FileServerReadSettings' }, ...formatSettings };
}

function writeSettings(sink: string): object {
  if (sink.startsWith('Salesforce')) return { writeBehavior: 'Insert' };
  if (sink === 'AzurePostgreSqlSink') return { writeMethod: 'CopyCommand' };
  const settings: Readonly<Record<string, object>> = {
    DelimitedTextSink: { formatSettings: { type: 'DelimitedTextWriteSettings', fileExtension: '.csv' } },
    JsonSink: { formatSettings: { type: 'JsonWriteSettings' } },
  };
  return { storeSettings: { type: 'FileServerWriteSettings' }, ...settings[sink] };
}
