import type { Data } from 'apache-arrow';

import type { MessageBody } from './ipc-message.ts';

/**
 * A column of one message in the making, in the one layout its values have: nulls as zeros, offsets from zero, a bitmap
 * only where there is a null.
 */
export interface PlainColumn {
  /** Appends rows of data of the column's type. */
  append(data: Data, from: number, to: number): void;
  appendNulls(rows: number): void;
  /** Gives everything away, until the next append, and begins the next message. */
  end(body: MessageBody): void;
}
