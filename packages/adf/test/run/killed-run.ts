import { join } from 'node:path';

import { runPipeline } from '../../src/run/run-factory.ts';
import { RunHistories } from '../../src/run/run-history.ts';
import { factoryOf, reference } from '../definitions/factory-files.ts';

interface Scene {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly folder: string;
  readonly state: string;
}

/** Runs one copy, and is killed by whoever started it. */
const { url, clientId, clientSecret, folder, state } = JSON.parse(process.argv[2] ?? '') as Scene;
const { factory } = factoryOf({
  linkedServices: {
    crm: {
      type: 'SalesforceV2',
      typeProperties: {
        environmentUrl: url,
        clientId,
        clientSecret: { type: 'SecureString', value: clientSecret },
        apiVersion: '60.0',
      },
    },
    disk: { type: 'FileServer', typeProperties: { host: '.' } },
  },
  datasets: {
    object: {
      type: 'SalesforceV2Object',
      linkedServiceName: reference('crm'),
      typeProperties: { objectApiName: 'Item__c' },
    },
    parquet: {
      type: 'Parquet',
      parameters: { file: { type: 'String' } },
      linkedServiceName: reference('disk'),
      typeProperties: {
        location: {
          type: 'FileServerLocation',
          folderPath: 'out',
          // Another name each time it is asked.
          fileName: { type: 'Expression', value: "@concat(dataset().file, utcNow('HHmmssfff'))" },
        },
      },
    },
  },
  pipelines: {
    Main: {
      activities: [
        {
          name: 'Copy',
          type: 'Copy',
          inputs: [reference('object', 'DatasetReference')],
          outputs: [reference('parquet', 'DatasetReference', { file: 'items' })],
          typeProperties: {
            source: { type: 'SalesforceV2Source', query: 'SELECT Name FROM Item__c', partitionOption: 'AutoDetect' },
            sink: { type: 'ParquetSink' },
          },
        },
      ],
    },
  },
});
await runPipeline(factory, {
  pipeline: 'Main',
  factoryFolder: folder,
  histories: new RunHistories(join(state, 'pipelines')),
  onEvent(event) {
    if (event.kind === 'activityProgress' && event.progress.rows > 0) process.send?.('rows');
  },
});
