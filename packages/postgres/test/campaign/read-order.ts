import type { AbandonOptions } from '@sluice/core';
import { postgres } from '@sluice/postgres';

/** What a process is to copy, from a table into another; the same order again resumes. */
export interface ReadOrder {
  /** In several splits, or as a query in one. */
  readonly shape: 'table' | 'query';
  readonly snapshot: 'same' | 'renew';
  readonly port: number;
  readonly journalPath: string;
}

export const READ_ROWS = 3000;
const SPLIT_ROWS = 800;
const PART_ROWS = 250;

/** For `copy` and `abandon`. */
export function readOptions({ shape, snapshot, port, journalPath }: ReadOrder): AbandonOptions {
  const db = postgres({ host: '127.0.0.1', port, database: 'postgres', user: 'sluice', connectTimeoutMs: 5000 });
  return {
    from:
      shape === 'table'
        ? db.table({ table: 'items', splitRows: SPLIT_ROWS, snapshot })
        : db.query('SELECT id, version, text FROM items ORDER BY id', { snapshot }),
    to: db.load({ table: 'copied', partRows: PART_ROWS }),
    batchRows: 100,
    id: 'read',
    journal: journalPath,
    retry: { baseMs: 10, maxMs: 100, attempts: 8 },
  };
}
