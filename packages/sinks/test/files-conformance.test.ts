import type { Format, Row } from '@sluice/core';
import { arrowIpc } from '@sluice/formats/arrow';
import { parquet } from '@sluice/formats/parquet';
import { localStore } from '@sluice/stores/local';
import { fieldsOf, FLAT_TYPES, NESTED_TYPES, rowsOf, type SinkHarness, UNION_TYPES } from '@sluice/testkit';
import { describeSink } from '@sluice/testkit/vitest';
import { Field, Schema, Utf8 } from 'apache-arrow';
import { inject } from 'vitest';

import { files } from '../src/files/files-sink.ts';
import { tempFolder } from './files-run.ts';
import { parquetRows } from './parquet-cells.ts';

const seed = inject('seed');
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
  async function* input() {
    yield bytes;
  }
  const bounds = { rows: 65_536, bytes: 2 ** 26 };
  const { signal } = new AbortController();
  const decoded = await Array.fromAsync(arrowIpc().decode!(input(), { batch: bounds, signal }));
  const batches = decoded.map(({ batch }) => batch);
  return { rows: batches.flatMap(rowsOf), names: batches[0]?.schema.fields.map(({ name }) => name) ?? [] };
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
      const contents = async () => Object.entries(await folder.published());
      return {
        sink: () => files({ store: localStore(folder.path), path, format: format(), partRows: 20 }),
        async rows() {
          const found: Row[] = [];
          for (const [, bytes] of await contents()) found.push(...(await read(bytes)).rows);
          return found;
        },
        leftovers: async () => (await folder.names()).filter((file) => file.includes('.sluice-')),
        content: async () => new Map(await contents()),
        [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
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
    describeSink(harnessOf({ ...one, path }), { seed, record });
  }
}
