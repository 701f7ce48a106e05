import { copy, type CopyOptions, type Run } from '../../src/engine/copy.ts';
import { type Fate, type IngestOrg, ingestOrg } from './ingest-org.ts';
import { type IngestSink, ingestSink, type IngestSinkOptions } from './ingest-sink.ts';
import { type MemorySource, memorySource, type MemorySourceOptions } from './memory-source.ts';
import type { TestRow } from './row-batches.ts';
import { type SideDisk, sideDisk } from './side-double.ts';

/** A copy into an org, with sinks beside it for what became of the rows. Time is real, and nothing waits. */
export interface IngestScene {
  readonly source: MemorySource;
  readonly sink: IngestSink;
  readonly org: IngestOrg;
  readonly rejected: SideDisk;
  readonly written: SideDisk;
  /** Rows of the source in their order. */
  readonly rows: readonly TestRow[];
  copy(options?: Partial<CopyOptions>): Run;
}

export function ingestScene(
  fateOf: (row: TestRow) => Fate,
  from: MemorySourceOptions,
  to: Partial<IngestSinkOptions> = {},
  defaults: Partial<CopyOptions> = {},
): IngestScene {
  const org = to.org ?? ingestOrg(fateOf);
  const [rejected, written] = [sideDisk(), sideDisk()];
  const source = memorySource(from);
  const sink = ingestSink({ ...to, org, fateOf });
  return {
    source,
    sink,
    org,
    rejected,
    written,
    rows: from.splits.flat(),
    copy: (options = {}) =>
      copy({
        from: source,
        to: sink,
        retry: { baseMs: 0 },
        maxRejects: Infinity,
        maxInDoubt: Infinity,
        ...defaults,
        ...options,
      }),
  };
}

/** By the id of the row; the rest is taken. */
export function fates(special: Readonly<Record<number, Fate>>): (row: TestRow) => Fate {
  return ({ id }) => special[id] ?? 'taken';
}
