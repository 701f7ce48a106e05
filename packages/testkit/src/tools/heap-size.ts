import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { settled } from './event-loop.ts';

let collect: (() => void) | undefined;

/** Bytes of objects and buffers that are in use, after everything else was collected. */
export async function usedBytes(): Promise<number> {
  collect ??= collector();
  await settled();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  // A context made after the flag was set has the function.
  return runInNewContext('gc') as () => void;
}
