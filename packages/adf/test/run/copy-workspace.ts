import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  createOrg,
  type Emulator,
  type FieldInput,
  startEmulator,
  type StartEmulatorOptions,
} from '@sluice/salesforce-emulator';
import { parquetMetadata, parquetReadObjects, parquetSchema, type SchemaTree } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

import { runPipeline, type RunPipelineOptions } from '../../src/run/run-factory.ts';
import type { PipelineResult } from '../../src/run/run-pipeline.ts';
import { factoryOf, type FactoryParts, reference } from '../definitions/factory-files.ts';
import { QuickClock } from './quick-clock.ts';

type Json = Readonly<Record<string, unknown>>;

/** An org, a folder, and a factory that leads from one to the other. */
export interface CopyWorkspace extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly folder: string;
  /** Runs the pipeline `Main` of these activities. */
  run(activities: readonly Json[], more?: WorkspaceRun): Promise<PipelineResult>;
  /** Runs one copy from a query to `out/<file>`. */
  copy(properties: CopyProperties, more?: WorkspaceRun): Promise<PipelineResult>;
  files(): Promise<readonly string[]>;
  /** Rows of a text file in alphabetical order: an org gives them in none. */
  text(file: string): Promise<string>;
  /** Rows of a Parquet file in order of the first column. */
  rows(file: string): Promise<readonly Record<string, unknown>[]>;
  /** Columns of a Parquet file. */
  columns(file: string): Promise<readonly SchemaTree['element'][]>;
}

export interface WorkspaceRun extends Omit<Partial<RunPipelineOptions>, 'pipeline'> {
  readonly parts?: FactoryParts;
  readonly pipeline?: Json;
}

export interface CopyProperties {
  readonly query?: string;
  /** Of the source, beside the query. */
  readonly source?: Json;
  readonly sink?: Json;
  /** Of the copy, beside source and sink. */
  readonly more?: Json;
  readonly file?: string;
  /** Of the activity. */
  readonly activity?: Json;
  /** Name of the dataset to write. Default: a Parquet file. */
  readonly output?: 'parquet' | 'csv';
}

const field = (type: FieldInput['type'], more: Partial<FieldInput> = {}): FieldInput => ({ type, ...more });

/** Rows of `Item__c`: one of each type, then one that is empty. */
export function itemsOrg(): ReturnType<typeof createOrg> {
  return createOrg({
    objects: {
      Item__c: {
        fields: {
          Text__c: field('textarea', { length: 32_768 }),
          Price__c: field('currency', { precision: 18, scale: 2 }),
          Rate__c: field('percent', { precision: 5, scale: 3 }),
          Count__c: field('int', { digits: 9 }),
          Flag__c: field('boolean'),
          Day__c: field('date'),
          At__c: field('datetime'),
          Clock__c: field('time'),
          Kinds__c: field('multipicklist', { picklistValues: ['red', 'green'] }),
          Parent__c: field('reference', { referenceTo: ['Item__c'] }),
        },
      },
    },
    rows: {
      Item__c: [
        {
          Name: 'One',
          Text__c: 'Größe "1", 🚀',
          Price__c: 1234.56,
          Rate__c: 12.5,
          Count__c: 42,
          Flag__c: true,
          Day__c: '2026-01-31',
          At__c: '2026-01-31T08:05:00.123Z',
          Clock__c: '08:05:00.000Z',
          Kinds__c: 'red;green',
        },
        { Name: 'Two', Flag__c: false },
        { Name: 'Gone', IsDeleted: true },
      ],
    },
    keepMilliseconds: true,
  });
}

export async function copyWorkspace(options: StartEmulatorOptions = {}): Promise<CopyWorkspace> {
  const emulator = await startEmulator(options);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-adf-'));
  const output = (name: string) => ({
    type: 'FileServerLocation',
    folderPath: 'out',
    fileName: { type: 'Expression', value: name },
  });
  const parts: FactoryParts = {
    linkedServices: {
      crm: {
        type: 'SalesforceV2',
        typeProperties: {
          environmentUrl: emulator.url,
          clientId: emulator.clientId,
          clientSecret: { type: 'SecureString', value: emulator.clientSecret },
          apiVersion: '60.0',
        },
      },
      disk: { type: 'FileServer', typeProperties: { host: '.' } },
    },
    datasets: {
      object: {
        type: 'SalesforceV2Object',
        parameters: { object: { type: 'String', defaultValue: 'Item__c' } },
        linkedServiceName: reference('crm'),
        typeProperties: { objectApiName: '@dataset().object' },
      },
      parquet: {
        type: 'Parquet',
        parameters: { file: { type: 'String' } },
        linkedServiceName: reference('disk'),
        typeProperties: { location: output('@dataset().file') },
      },
      csv: {
        type: 'DelimitedText',
        parameters: { file: { type: 'String' } },
        linkedServiceName: reference('disk'),
        typeProperties: { location: output('@dataset().file'), firstRowAsHeader: true, escapeChar: '"' },
      },
    },
  };

  const workspace: CopyWorkspace = {
    emulator,
    folder,
    async run(activities, { parts: more = {}, pipeline = {}, ...given } = {}) {
      const read = factoryOf({
        linkedServices: { ...parts.linkedServices, ...more.linkedServices },
        datasets: { ...parts.datasets, ...more.datasets },
        pipelines: { Main: { activities, ...pipeline }, ...more.pipelines },
      });
      read.requireValid('Main');
      return await runPipeline(read.factory, {
        pipeline: 'Main',
        factoryFolder: folder,
        clock: new QuickClock(),
        ...given,
      });
    },
    async copy({ query, source, sink, more, file = 'items.parquet', activity, output: kind = 'parquet' }, given) {
      const isText = kind === 'csv';
      return await workspace.run(
        [
          {
            name: 'Copy',
            type: 'Copy',
            inputs: [reference('object', 'DatasetReference')],
            outputs: [reference(kind, 'DatasetReference', { file })],
            typeProperties: {
              source: { type: 'SalesforceV2Source', ...(query === undefined ? {} : { query }), ...source },
              sink: { type: isText ? 'DelimitedTextSink' : 'ParquetSink', ...sink },
              ...more,
            },
            ...activity,
          },
        ],
        given,
      );
    },
    async files() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    },
    async text(file) {
      const [header, ...lines] = (await readFile(join(folder, 'out', file), 'utf8')).split('\r\n');
      return [header, ...lines.filter((line) => line !== '').toSorted(), ''].join('\r\n');
    },
    async rows(file) {
      const rows = await parquetReadObjects({ file: await bytesOf(join(folder, 'out', file)), compressors });
      const [first = ''] = Object.keys(rows[0] ?? {});
      return rows.toSorted((a, b) => (String(a[first]) < String(b[first]) ? -1 : 1));
    },
    async columns(file) {
      const { children } = parquetSchema(parquetMetadata(await bytesOf(join(folder, 'out', file))));
      return children.map(({ element }) => element);
    },
    async [Symbol.asyncDispose]() {
      await emulator[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return workspace;
}

async function bytesOf(path: string): Promise<ArrayBuffer> {
  const bytes = await readFile(path);
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}
