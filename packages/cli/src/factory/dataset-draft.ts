import type { Factory } from '@sluice/adf';

import { DATASET_TYPES } from './definition-types.ts';
import type { Interview } from './interview.ts';

export interface DatasetFlags {
  readonly type?: string;
  readonly linkedService?: string;
  readonly object?: string;
  readonly reportId?: string;
  readonly table?: string;
  readonly schema?: string;
  readonly folderPath?: string;
  readonly fileName?: string;
}

/** Properties of a dataset. */
export async function datasetDraft(flags: DatasetFlags, interview: Interview, factory: Factory): Promise<object> {
  const names = [...factory.linkedServices].map(({ name }) => name);
  const linkedService = await interview.text({
    option: '--linked-service',
    given: flags.linkedService,
    text: `Linked service (${names.join(', ')})`,
  });
  const type = await interview.choice(
    { option: '--type', given: flags.type, text: 'Type of the dataset', ...likelyType(linkedService, factory) },
    DATASET_TYPES,
  );
  return {
    type,
    linkedServiceName: { referenceName: linkedService, type: 'LinkedServiceReference' },
    typeProperties: await typeProperties(type, flags, interview),
  };
}

async function typeProperties(type: string, flags: DatasetFlags, interview: Interview): Promise<object> {
  if (type.endsWith('Object')) return await objectProperties(flags, interview);
  if (!type.endsWith('Table')) return await fileProperties(flags, interview, type);
  const table = await interview.text({ option: '--table', given: flags.table, text: 'Name of the table' });
  const text = 'Schema of the table';
  const schema = await interview.text({ option: '--schema', given: flags.schema, text, fallback: 'public' });
  return { schema, table };
}

/** Of an org and a database, there is one type. */
function likelyType(linkedService: string, { linkedServices }: Factory): { readonly fallback?: string } {
  const type = linkedServices.get(linkedService)?.properties.type;
  if (type === 'AzurePostgreSql') return { fallback: 'AzurePostgreSqlTable' };
  return type === 'SalesforceV2' || type === 'SalesforceServiceCloudV2' ? { fallback: `${type}Object` } : {};
}

async function objectProperties({ object, reportId }: DatasetFlags, interview: Interview): Promise<object> {
  if (reportId !== undefined && object === undefined) return { reportId };
  const text = 'API name of the object, such as Account';
  const objectApiName = await interview.text({ option: '--object or --report-id', given: object, text });
  return { objectApiName, ...(reportId === undefined ? {} : { reportId }) };
}

async function fileProperties(flags: DatasetFlags, interview: Interview, type: string): Promise<object> {
  const folderPath = await interview.text({
    option: '--folder-path',
    given: flags.folderPath,
    text: 'Folder, relative to that of the linked service (empty for the folder itself)',
    fallback: '',
  });
  const fileName = await interview.text({
    option: '--file-name',
    given: flags.fileName,
    text: 'Name of the file (empty for all of the folder)',
    fallback: '',
  });
  return {
    location: {
      type: 'FileServerLocation',
      ...(folderPath === '' ? {} : { folderPath }),
      ...(fileName === '' ? {} : { fileName }),
    },
    // Left out, the names of columns would be a row, and quotes could not be told from data.
    ...(type === 'DelimitedText' ? { firstRowAsHeader: true, quoteChar: '"', escapeChar: '"' } : {}),
  };
}
