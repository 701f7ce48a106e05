import type { Context, Intent, Sink } from '@sluice/core';

/** What is there once a copy is committed. */
export interface WrittenData {
  readonly files: number;
  readonly bytes: number;
}

/** What an activity writes. Disposing of it closes its connections. */
export interface OpenedSink extends AsyncDisposable {
  readonly sink: Sink;
  readonly intent: Pick<Intent, 'mode' | 'truncateWhenEmpty'>;
  /** Connections at the same time, at most. */
  readonly maxConnections: number | undefined;
  /** Of a sink of files. */
  written?(ctx: Context): Promise<WrittenData>;
}
