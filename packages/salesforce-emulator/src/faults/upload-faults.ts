import { ConnectionCut } from '../http/connection-cut.ts';
import { unlessClosed } from './body-faults.ts';
import type { CutOptions } from './connection-faults.ts';
import type { FaultAction } from './fault-action.ts';

/** The connection is cut once the org has taken that many bytes of the request's body, which has no effect then. */
export function dropUpload(afterBytes: number, options: CutOptions = {}): FaultAction {
  return {
    upload: (body) =>
      upTo(body, afterBytes, () => {
        throw new ConnectionCut(options);
      }),
  };
}

/** The org takes that many bytes of the request's body, and no more until `until` resolves. */
export function stallUpload(afterBytes: number, { until }: { readonly until?: Promise<unknown> } = {}): FaultAction {
  return { upload: (body, { closed }) => upTo(body, afterBytes, () => unlessClosed(until, closed)) };
}

/** What comes after that many bytes of the request's body is lost on the way, and the org takes the rest for all of it. */
export function truncateUpload(afterBytes: number): FaultAction {
  return { upload: (body) => upTo(body, afterBytes, () => 'end') };
}

/** A body that is shorter goes through. */
async function* upTo(
  body: AsyncIterable<Uint8Array>,
  bytes: number,
  reached: () => void | 'end' | Promise<void>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let passed = 0;
  let isReached = false;
  for await (const chunk of body) {
    const at = bytes - passed;
    passed += chunk.length;
    if (isReached || at > chunk.length) {
      yield chunk;
      continue;
    }
    isReached = true;
    if (at > 0) yield chunk.subarray(0, at);
    if ((await reached()) === 'end') return;
    if (at < chunk.length) yield chunk.subarray(at);
  }
}
