import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Facts } from '../harness/contender.ts';
import { parquetFacts } from '../query/parquet-facts.ts';

/** What one file, written into a folder of its own, adds up to. */
export async function factsOfFile(folder: string, write: (file: string) => Promise<void>): Promise<Facts> {
  await mkdir(folder);
  try {
    await write(join(folder, 'rows.parquet'));
    return await parquetFacts(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
