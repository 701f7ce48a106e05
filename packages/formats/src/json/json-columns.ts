import { SluiceError } from '@sluice/core';

import { faultError } from './json-decoder.ts';
import { JsonRowScanner } from './json-row-scanner.ts';
import { jsonRowPlan } from './row-plan.ts';

/** So much of a file tells its columns. */
const HEAD_BYTES = 1_048_576;
const STEP_BYTES = 65_536;

export interface FileHead {
  readonly names: readonly string[];
  /** What was read of the file to know that. */
  readonly chunks: readonly Uint8Array[];
}

/**
 * The names of the members of rows in the first mebibyte of a file, of the first row at least.
 *
 * @throws `ROW_MALFORMED` for a file without a row.
 */
export async function readHead(
  chunks: AsyncIterator<Uint8Array>,
  rowPerLine: boolean,
  maxRowBytes: number,
): Promise<FileHead> {
  const names = new Set<string>();
  const plan = jsonRowPlan({
    columns: [],
    rows: undefined,
    rowPerLine,
    isArray: false,
    quotesStrings: false,
    otherMember: (key) => {
      names.add(key);
      return false;
    },
  });
  const scanner = new JsonRowScanner(plan, 0, maxRowBytes);
  const read: Uint8Array[] = [];
  let bytes = 0;
  let rows = 0;
  const scan = (isEnd: boolean): void => {
    scanner.scan(isEnd);
    rows += scanner.rows;
    scanner.drop();
  };
  const isDone = (): boolean => scanner.fault !== undefined || (bytes >= HEAD_BYTES && rows > 0);
  while (!isDone()) {
    const next = await chunks.next();
    if (next.done === true) {
      scan(true);
      break;
    }
    const chunk = next.value.slice();
    read.push(chunk);
    for (let at = 0; at < chunk.length && !isDone();) {
      const to = scanner.take(chunk.subarray(0, at + STEP_BYTES - (bytes % STEP_BYTES)), at);
      bytes += to - at;
      at = to;
      // At the same places however the bytes came in chunks, so that it is the same rows that are looked at.
      if (bytes % STEP_BYTES === 0) scan(false);
    }
  }
  if (names.size === 0 && scanner.fault !== undefined) throw faultError(scanner.fault, rows);
  if (names.size === 0) {
    throw new SluiceError('ROW_MALFORMED', 'there is no row of JSON to tell the columns by', {
      hint: 'Check whether the file was written to its end, or declare the columns.',
    });
  }
  return { names: [...names], chunks: read };
}
