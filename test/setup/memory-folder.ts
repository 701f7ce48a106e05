import { statfsSync } from 'node:fs';

/** A file system in memory, on Linux. */
const IN_MEMORY = '/dev/shm';
/** More than all tests have in files at any time. */
const ENOUGH_BYTES = 2 * 1024 ** 3;

/**
 * Where tests put temporary files: in memory, where there is room. Journals and files that are written for good wait for
 * the disk at each entry, which is most of what some tests would do, and proves nothing.
 */
export function memoryFolder(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize >= ENOUGH_BYTES ? IN_MEMORY : undefined;
  } catch {
    return undefined;
  }
}
