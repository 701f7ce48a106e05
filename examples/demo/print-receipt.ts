import type { Receipt } from '@sluice/core';

import { count } from './show-progress.ts';

export function printReceipt(name: string, receipt: Receipt): void {
  const { readRows, writtenRows, rejectedRows, parts, batchBytes, apiCalls, startedMs, endedMs } = receipt;
  const calls = Object.values(apiCalls).reduce((sum, some) => sum + some, 0);
  const megabytes = (batchBytes / 1e6).toFixed(1);
  const seconds = ((endedMs - startedMs) / 1000).toFixed(1);
  console.log(
    `${name}: ${count(readRows)} rows read = ${count(writtenRows)} written + ${count(rejectedRows)} rejected ` +
      `(${parts} ${parts === 1 ? 'part' : 'parts'}, ${megabytes} MB of batches, ${count(calls)} API calls, ${seconds} s)`,
  );
  for (const { column, values } of receipt.changes) {
    console.log(`  ${count(values)} values of ${column} had more decimals than the field declares, and were rounded`);
  }
  for (const { kind, id, reason } of receipt.leftBehind) console.log(`  left behind: ${kind} ${id}: ${reason}`);
}
