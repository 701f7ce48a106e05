import type { Format, Row } from '@sluice/core';
import { arrowIpc } from '@sluice/formats/arrow';
import { parquet } from '@sluice/formats/parquet';
import { localStore } from '@sluice/stores/local';
import {
  type ArmedFileFault,
  armFileFault,
  fieldsOf,
  FLAT_TYPES,
  NESTED_TYPES,
  rowsOf,
  type SinkHarness,
  UNION_TYPES,
} from '@sluice/testkit';
import { describeSink } from '@sluice/testkit/vitest';
import { Field, Schema, tableFromIPC, Utf8 } from 'apache-arrow';
import { inject, vi } from 'vitest';

import { files } from '../src/files/files-sink.ts';
import { tempFolder } from './files-run.ts';
import { parquetRows } from './parquet-cells.ts';

vi.mock('node:fs/promises', async (importOriginal) => {
  const { faultyFiles } = await import('@sluice/testkit');
  return faultyFiles(await importOriginal<object>());
});

const seed = inject('seed');
const long = inject('long');
const identity = new Field('row_id', new Utf8(), true);
// An Arrow file says what a dictionary holds, not that it was one.
const { dictionary_text: _encoding, ...types } = FLAT_TYPES;
const fields = [identity, ...fieldsOf(types)];

/** The rows of one file, by other means than the sink's. */
type ReadFile = (bytes: Uint8Array) => Promise<{ readonly rows: readonly Row[]; readonly names: readonly string[] }>;

async function readParquet(bytes: Uint8Array): ReturnType<ReadFile> {
  return await parquetRows(bytes, new Schema(fields));
}

async function readArrow(bytes: Uint8Array): ReturnType<ReadFile> {
  const { batches, schema } = tableFromIPC(bytes);
  return { rows: batches.flatMap(rowsOf), names: schema.fields.map(({ name }) => name) };
}

interface Case {
  readonly path: string;
  readonly format: () => Format;
  readonly read: ReadFile;
  readonly refusedFields: readonly Field[];
}

function harnessOf({ path, format, read, refusedFields }: Case): SinkHarness {
  const isFolder = path.endsWith('/');
  const { name } = format();
  return {
    kind: 'sink',
    name: `files, ${isFolder ? 'a folder' : 'one file'}, ${name}`,
    columns: fields.map((field) => ({ field })),
    identity: identity.name,
    // A file has twenty rows.
    longRows: 50_000,
    modes: isFolder ? ['create', 'append', 'overwrite'] : ['create', 'overwrite'],
    refusedFields,
    keepsOrder: true,
    badOptions: [
      {
        what: 'an empty path',
        mentions: 'path',
        make: () => files({ store: localStore('out'), path: '', format: format() }),
      },
      {
        what: 'a part of no rows',
        mentions: 'partRows',
        make: () => files({ store: localStore('out'), path, format: format(), partRows: 0 }),
      },
    ],
    async target() {
      const folder = await tempFolder();
      let full: ArmedFileFault | undefined;
      const contents = async () => Object.entries(await folder.published());
      return {
        sink: () => files({ store: localStore(folder.path), path, format: format(), partRows: 20 }),
        async rows() {
          const found: Row[] = [];
          for (const [, bytes] of await contents()) found.push(...(await read(bytes)).rows);
          return found;
        },
        leftovers: async () => (await folder.names()).filter((file) => file.includes('.sluice-')),
        async columnNames() {
          const [first] = await contents();
          return first === undefined ? [] : (await read(first[1])).names;
        },
        content: async () => new Map(await contents()),
        faults: {
          full: () =>
            (full = armFileFault({
              code: 'ENOSPC',
              fails: (call) => ['mkdir', 'open', 'write', 'sync'].includes(call),
            })),
        },
        async [Symbol.asyncDispose]() {
          full?.[Symbol.dispose]();
          await folder[Symbol.asyncDispose]();
        },
      };
    },
  };
}

const FORMATS: readonly Omit<Case, 'path'>[] = [
  {
    format: () => parquet({ rowGroupRows: 15 }),
    read: readParquet,
    refusedFields: fieldsOf({ ...NESTED_TYPES, ...UNION_TYPES }),
  },
  { format: () => arrowIpc({ messageRows: 15 }), read: readArrow, refusedFields: fieldsOf(UNION_TYPES) },
];

for (const one of FORMATS) {
  for (const path of ['out/', 'out/rows.data']) {
    const record = `conformance/files-${path.endsWith('/') ? 'folder' : 'file'}-${one.format().name}.json`;
    describeSink(harnessOf({ ...one, path }), { seed, long, record });
  }
}
