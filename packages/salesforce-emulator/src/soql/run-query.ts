import { type QueryOptions, type QueryResult, SoqlFault } from '../org/org.ts';
import type { RecordStore } from '../org/record-store.ts';

export interface RunOptions extends QueryOptions {
  readonly userId: string;
}

export function runQuery(_store: RecordStore, _soql: string, _options: RunOptions): QueryResult {
  throw new SoqlFault('MALFORMED_QUERY', 'not yet');
}
