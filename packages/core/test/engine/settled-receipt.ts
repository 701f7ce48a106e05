import type { Receipt } from '../../src/engine/receipt.ts';

/** What a receipt says apart from times and calls, which an interruption may change. */
export function settledReceipt({ startedMs: _startedMs, endedMs: _endedMs, apiCalls: _apiCalls, ...rest }: Receipt) {
  return rest;
}
