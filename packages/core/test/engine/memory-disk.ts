import type { PartId } from '../../src/contract/sink.ts';
import type { TestRow } from './row-batches.ts';

export interface StoredRow extends TestRow {
  /** In the part, those refused counted too. */
  readonly row: number;
}

/** A part as it is stored, staged or published. */
export interface StoredPart extends PartId {
  readonly rows: readonly StoredRow[];
}

/** What outlives a process: plain data that every sink on it shares. */
export interface MemoryDisk {
  readonly targets: number;
  /** Parts by name; of a single stream, the segments in order. */
  readonly staged: readonly StoredPart[];
  readonly published: readonly StoredPart[];
  update(change: (content: DiskContent) => DiskContent): void;
}

export interface DiskContent {
  readonly targets: number;
  readonly staged: readonly StoredPart[];
  readonly published: readonly StoredPart[];
}

export function memoryDisk(): MemoryDisk {
  // As text, so that nothing on it is shared with anybody.
  let text = JSON.stringify({ targets: 0, staged: [], published: [] } satisfies DiskContent);
  // Written by `update` alone.
  const content = (): DiskContent => JSON.parse(text) as DiskContent;
  return {
    get targets() {
      return content().targets;
    },
    get staged() {
      return content().staged;
    },
    get published() {
      return content().published;
    },
    update(change) {
      text = JSON.stringify(change(content()));
    },
  };
}

export function isSamePart(a: PartId, b: PartId): boolean {
  return a.split === b.split && a.part === b.part;
}

/** Published rows in the order of their splits and parts. */
export function publishedRows(disk: MemoryDisk): readonly TestRow[] {
  return inOrder(disk.published).flatMap(({ rows }) => rows.map(({ id, text }) => ({ id, text })));
}

export function inOrder(parts: readonly StoredPart[]): readonly StoredPart[] {
  return parts.toSorted((a, b) => a.split - b.split || a.part - b.part);
}
