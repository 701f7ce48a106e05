import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Sink } from '@sluice/core';
import { parquet } from '@sluice/formats/parquet';
import { files } from '@sluice/sinks/files';
import { localStore } from '@sluice/stores/local';

import { parquetRowsIn, type StoredRow } from '../parquet-cells.ts';

/** Fewer rows than a page has, so that pages are cut into parts. */
const PART_ROWS = 15;
const FOLDER = 'out/';

/** A folder on disk to copy into, and what anyone sees there. */
export interface TargetFolder extends AsyncDisposable {
  readonly dataPath: string;
  /** For a journal, beside the data. */
  readonly journalPath: string;
  /** Digests by name: no staged files. */
  published(): Promise<ReadonlyMap<string, string>>;
  staged(): Promise<readonly string[]>;
  rows(): Promise<readonly StoredRow[]>;
}

export function folderSink(dataPath: string, partRows = PART_ROWS): Sink {
  return files({ store: localStore(dataPath), path: FOLDER, format: parquet(), partRows });
}

export async function targetFolder(): Promise<TargetFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-campaign-'));
  const data = join(folder, 'data');
  const isStaged = (name: string): boolean => name.includes('.sluice-');
  const names = async (): Promise<readonly string[]> => {
    const entries = await readdir(data, { recursive: true, withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(data.length + 1))
      .sort();
  };
  return {
    dataPath: data,
    journalPath: join(folder, 'journal'),
    async published() {
      const seen = (await names()).filter((name) => !isStaged(name));
      const digests = seen.map(async (name) => {
        const bytes = await readFile(join(data, name));
        return [name, createHash('sha256').update(bytes).digest('hex')] as const;
      });
      return new Map(await Promise.all(digests));
    },
    staged: async () => (await names()).filter(isStaged),
    rows: async () => await parquetRowsIn(join(data, FOLDER)),
    [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true, force: true }),
  };
}
