import * as fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { batchBytes } from '../../src/arrow/batch-bytes.ts';
import type { JournalEntry } from '../../src/contract/journal.ts';
import { memoryJournal } from '../../src/journal/memory-journal.ts';
import { inOrder, publishedRows } from './memory-disk.ts';
import type { MemorySinkOptions } from './memory-sink.ts';
import type { MemorySourceOptions } from './memory-source.ts';
import { batchOfRows, rowsOfSplit, type TestRow } from './row-batches.ts';
import { scene } from './scene.ts';

interface Cut {
  readonly splits: readonly number[];
  readonly part: NonNullable<MemorySinkOptions['part']>;
  /** Every so many rows one is rejected while it is read. */
  readonly rejectEvery: number;
}

const cut: fc.Arbitrary<Cut> = fc.record({
  splits: fc.array(fc.nat(30), { maxLength: 5 }),
  part: fc.oneof(
    fc.constant({}),
    fc.record({ rows: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ bytes: fc.integer({ min: 1, max: 120 }) }),
    fc.record({ rows: fc.integer({ min: 1, max: 12 }), bytes: fc.integer({ min: 1, max: 120 }) }),
  ),
  rejectEvery: fc.integer({ min: 2, max: 6 }),
});

const flow = fc.record({
  noise: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
  parallelism: fc.integer({ min: 1, max: 5 }),
  prefetch: fc.nat(3),
  writers: fc.integer({ min: 1, max: 4 }),
  commit: fc.constantFrom('end', 'part'),
  positions: fc.boolean(),
});

type Flow = typeof flow extends fc.Arbitrary<infer T> ? T : never;

function sourceOf({ splits, rejectEvery }: Cut, { noise, positions }: Flow): MemorySourceOptions {
  return {
    splits: splits.map((rows, split) => rowsOfSplit(split, rows)),
    deliveryRows: (split, row) => noise[(split * 7 + row) % noise.length]!,
    positions,
    reject: isRejected(rejectEvery),
  };
}

function isRejected(every: number): (row: TestRow) => string | undefined {
  return ({ id }) => ((id * 5) % 7 < 3 && id % every === 0 ? 'rejected' : undefined);
}

async function run(cutting: Cut, flowing: Flow) {
  const journal = memoryJournal();
  const { parallelism, prefetch, commit, writers } = flowing;
  const { disk, copy } = scene(sourceOf(cutting, flowing), { part: cutting.part, commit, writers });
  const receipt = await copy({ journal, id: 'a', parallelism, prefetch, maxRejects: Infinity });
  return { receipt, disk, entries: (await journal.peek('a')) ?? [] };
}

/** Where parts begin and end, and what they hold, in order. */
function cuts(entries: readonly JournalEntry[]) {
  return entries
    .flatMap((entry) => (entry.kind === 'partPrepared' ? [entry] : []))
    .map(({ part, readRows, preparedRows, batchBytes: bytes, digest, rejects, unseen }) => ({
      part,
      readRows,
      preparedRows,
      bytes,
      digest,
      rejects,
      unseen,
    }))
    .toSorted((a, b) => a.part.split - b.part.split || a.part.part - b.part.part);
}

/** Parts as the contract has them, row by row. */
function modelOf({ splits, part, rejectEvery }: Cut): readonly (readonly TestRow[])[] {
  return splits.flatMap((rows, split) => {
    const parts: TestRow[][] = [];
    let bytes = 0;
    for (const row of rowsOfSplit(split, rows)) {
      const isSeen = isRejected(rejectEvery)(row) === undefined;
      const size = isSeen ? batchBytes(batchOfRows([row])) : 0;
      const last = parts.at(-1);
      const isFull =
        last !== undefined && (last.length >= (part.rows ?? Infinity) || bytes + size > (part.bytes ?? Infinity));
      // Rejected rows go with the part that is there.
      if (last === undefined || (isSeen && isFull && last.length > 0)) {
        parts.push(isSeen ? [row] : []);
        bytes = size;
      } else if (isSeen) {
        last.push(row);
        bytes += size;
      }
    }
    return parts;
  });
}

describe('parts', () => {
  it('hold exactly the rows of the source, cut at the bounds of the sink', async () => {
    await fc.assert(
      fc.asyncProperty(cut, flow, async (cutting, flowing) => {
        const { receipt, disk } = await run(cutting, flowing);

        const model = modelOf(cutting);
        const published = inOrder(disk.published).map(({ rows }) => rows.map(({ id, text }) => ({ id, text })));
        expect(published).toEqual(model);
        expect(receipt.readRows).toBe(cutting.splits.reduce((sum, rows) => sum + rows, 0));
        expect(receipt.writtenRows).toBe(model.flat().length);
        for (const counts of [receipt, ...receipt.splits]) {
          expect(counts.readRows).toBe(counts.writtenRows + counts.rejectedRows + counts.inDoubtRows);
        }
        expect(receipt.splits.map(({ readRows }) => readRows)).toEqual(cutting.splits);
        const stream = flowing.writers === 1 ? disk.published : inOrder(disk.published);
        expect(stream).toEqual(inOrder(disk.published));
      }),
      { seed: inject('seed'), numRuns: 80 },
    );
  });

  it('are a function of the rows alone, however these are delivered, read ahead and written', async () => {
    await fc.assert(
      fc.asyncProperty(cut, flow, flow, async (cutting, one, other) => {
        const [first, second] = [await run(cutting, one), await run(cutting, other)];

        expect(cuts(second.entries)).toEqual(cuts(first.entries));
        expect(publishedRows(second.disk)).toEqual(publishedRows(first.disk));
      }),
      { seed: inject('seed'), numRuns: 80 },
    );
  });

  it('take a row larger than their bound alone', async () => {
    const rows = [4, 400, 4, 4].map((length, id) => ({ id, text: 'x'.repeat(length) }));
    const { disk, copy } = scene({ splits: [rows] }, { part: { bytes: 30 } });

    await copy();

    expect(inOrder(disk.published).map((part) => part.rows.map(({ id }) => id))).toEqual([[0], [1], [2, 3]]);
  });

  it('that end within a delivery hand on its slices', async () => {
    const { sink, copy } = scene({ splits: [rowsOfSplit(0, 10)], deliveryRows: 10 }, { part: { rows: 4 } });

    await copy();

    expect(sink.batches.map(({ numRows }) => numRows)).toEqual([4, 4, 2]);
  });
});
