import { copy, type CopyOptions, type Run } from '../../src/engine/copy.ts';
import { type MemoryDisk, memoryDisk } from './memory-disk.ts';
import { type MemorySink, memorySink, type MemorySinkOptions } from './memory-sink.ts';
import { type MemorySource, memorySource, type MemorySourceOptions } from './memory-source.ts';
import { splitsOf } from './row-batches.ts';
import { type VirtualClock, virtualClock } from './virtual-clock.ts';

/** Both ends of a copy, what they stand on, and the copy. */
export interface Scene {
  readonly source: MemorySource;
  readonly sink: MemorySink;
  readonly disk: MemoryDisk;
  readonly clock: VirtualClock;
  start(options?: Partial<CopyOptions>): Run;
  /** Copies, letting time pass as it must. */
  copy(options?: Partial<CopyOptions>): ReturnType<typeof copy> extends Promise<infer R> ? Promise<R> : never;
}

export function scene(
  from: Partial<MemorySourceOptions> = {},
  to: Partial<MemorySinkOptions> = {},
  defaults: Partial<CopyOptions> = {},
): Scene {
  const disk = to.disk ?? memoryDisk();
  const clock = virtualClock();
  const source = memorySource({ splits: splitsOf(10, 7, 3), ...from });
  const sink = memorySink({ ...to, disk });
  const start = (options: Partial<CopyOptions> = {}): Run =>
    copy({ from: source, to: sink, clock, random: () => 0.5, ...defaults, ...options });
  return { source, sink, disk, clock, start, copy: (options) => clock.settle(start(options)) };
}
