import type { Context, Intent, Sink } from '@sluice/core';

import type { TargetColumn } from './mapping/mapping-request.ts';

/** What is there once a copy is committed. */
export interface WrittenData {
  readonly files: number;
  readonly bytes: number;
}

/** What is there already of what a copy writes to. */
export interface WrittenTarget {
  /** Columns by name, where values become what these can hold. */
  readonly columns: ReadonlyMap<string, TargetColumn>;
  /** Of an upsert. */
  readonly keys?: readonly string[];
}

/** What an activity writes. Disposing of it closes its connections. */
export interface OpenedSink extends AsyncDisposable {
  readonly sink: Sink;
  readonly intent: Pick<Intent, 'mode' | 'truncateWhenEmpty'>;
  /** Connections at the same time, at most. */
  readonly maxConnections: number | undefined;
  /** Of a sink whose columns have types of their own. Connects. */
  target?(ctx: Context): Promise<WrittenTarget>;
  /** Of a sink of files. */
  written?(ctx: Context): Promise<WrittenData>;
}
