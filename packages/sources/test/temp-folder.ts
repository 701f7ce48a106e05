import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { collect, copy, read, type Receipt, type Row, rowReader, type Source, type Store } from '@sluice/core';
import { csv } from '@sluice/formats/csv';
import { localStore } from '@sluice/stores/local';

import { files, type FilesOptions } from '../src/index.ts';

export type ReadOptions = Omit<FilesOptions, 'store' | 'format'> & Partial<Pick<FilesOptions, 'store' | 'format'>>;

/** A folder of this test's own, with a store over it. */
export interface TempFolder extends AsyncDisposable {
  readonly path: string;
  readonly store: Store;
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** As `files` reads them; by default as CSV. */
  rows(options: ReadOptions): Promise<readonly Row[]>;
  /** What reading them fails with; the rows where it does not. */
  failure(options: ReadOptions): Promise<unknown>;
}

/** All rows but those that are rejected, and what the receipt says. */
export async function collectedRows(
  source: Source,
): Promise<{ readonly rows: readonly Row[]; readonly receipt: Receipt }> {
  const to = collect();
  const receipt = await copy({ from: source, to, maxRejects: Infinity, batchRows: 7 });
  return { rows: to.batches.flatMap((batch) => [...rowReader(batch.schema)(batch)]), receipt };
}

export async function tempFolder(): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), 'sluice-files-'));
  const store = localStore(path);
  const rows = async (options: ReadOptions): Promise<readonly Row[]> =>
    await Array.fromAsync(read(files({ store, format: csv(), ...options })).rows());
  return {
    path,
    store,
    async write(name, content) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), content);
    },
    rows,
    failure: async (options) => await rows(options).catch((error: unknown) => error),
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true });
    },
  };
}
