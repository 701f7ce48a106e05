import { readdirSync } from 'node:fs';

import { settled } from './event-loop.ts';

/** What a process holds, by kind. */
export type Holdings = ReadonlyMap<string, number>;

/** Comes and goes by itself. */
const PASSING = new Set(['Immediate', 'TTYWrap', 'PipeWrap', 'FSReqCallback', 'FSReqPromise', 'MessagePort', 'Worker']);

/** Timers, sockets, file handles and the like that are open. */
export async function holdings(): Promise<Holdings> {
  await settled();
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (!PASSING.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const descriptors = openDescriptors();
  if (descriptors !== undefined) counts.set('file descriptors', descriptors);
  return counts;
}

/** What there is more of by at least so many, as text; empty when nothing. */
export function moreThan(before: Holdings, after: Holdings, least = 1): readonly string[] {
  return [...after].flatMap(([kind, count]) => {
    const more = count - (before.get(kind) ?? 0);
    return more >= least ? [`${more} ${kind}`] : [];
  });
}

/** Where the system lists them. */
function openDescriptors(): number | undefined {
  try {
    // One of them is the listing's own.
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined;
  }
}
