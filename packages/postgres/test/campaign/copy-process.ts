import { copy, type Receipt } from '@sluice/core';

import { loadOptions, type LoadOrder } from './load-order.ts';
import { readOptions, type ReadOrder } from './read-order.ts';

/** What the process is to do. */
export type CopyOrder =
  | { readonly what: 'load'; readonly order: LoadOrder }
  | { readonly what: 'read'; readonly order: ReadOrder };

/** How it ended. */
export type CopyEnd =
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

async function obey(order: CopyOrder): Promise<CopyEnd> {
  try {
    const options = order.what === 'load' ? loadOptions(order.order) : readOptions(order.order);
    return { kind: 'receipt', receipt: await copy(options) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'none';
    return { kind: 'failed', code, message: error instanceof Error ? error.message : '' };
  }
}

process.on('message', (order) => {
  // The parent sends nothing else.
  void obey(order as CopyOrder).then((end) => process.send?.(end));
});
