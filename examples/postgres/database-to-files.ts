import { copy, type Store } from '@sluice/core';
import { parquet } from '@sluice/formats/parquet';
import type { PostgresDatabase } from '@sluice/postgres';
import { files } from '@sluice/sinks';

import { LOADS } from '../demo/load-org.ts';
import { printReceipt } from '../demo/print-receipt.ts';

export interface DatabaseToFiles {
  readonly db: PostgresDatabase;
  readonly store: Store;
  readonly signal: AbortSignal;
}

/** Each table as a folder of Parquet files. */
export async function databaseToFiles({ db, store, signal }: DatabaseToFiles): Promise<void> {
  for (const name of Object.keys(LOADS)) {
    const [from, to] = [db.table({ table: name }), files({ store, path: `${name}/`, format: parquet() })];
    printReceipt(`${name} to Parquet`, await copy({ from, to, signal }));
  }
}
