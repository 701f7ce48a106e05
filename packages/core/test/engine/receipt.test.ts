import { describe, expect, it } from 'vitest';

import type { JournalEntry } from '../../src/contract/journal.ts';
import { foldReceipt } from '../../src/engine/receipt.ts';
import { memoryJournal } from '../../src/journal/memory-journal.ts';
import { failureOf } from '../thrown.ts';
import { splitsOf } from './row-batches.ts';
import { scene } from './scene.ts';

async function journalled() {
  const journal = memoryJournal();
  const { copy, clock, sink } = scene(
    { splits: splitsOf(6, 6), reject: ({ id }) => (id === 2 ? 'no' : undefined) },
    { part: { rows: 3 }, at: (step) => (step.startsWith('write ') ? clock.advance(7) : undefined) },
  );
  const receipt = await copy({ id: 'a', journal, maxRejects: 1 });
  const writes = sink.steps.filter((step) => step.startsWith('write '));
  return { receipt, tookMs: writes.length * 7, entries: (await journal.peek('a')) ?? [] };
}

describe('a receipt', () => {
  it('is what the journal adds up to', async () => {
    const { receipt, tookMs, entries } = await journalled();

    expect(foldReceipt('a', entries)).toEqual(receipt);
    expect(receipt).toMatchObject({ id: 'a', parts: 4, readRows: 12, writtenRows: 11, rejectedRows: 1 });
    expect(receipt.startedMs).toBe(entries[0]?.atMs);
    expect(receipt.endedMs - receipt.startedMs).toBe(tookMs);
  });

  it.each<[string, (entry: JournalEntry) => JournalEntry | undefined]>([
    ['a row was lost', (entry) => (entry.kind === 'partCommitted' ? { ...entry, writtenRows: 2 } : entry)],
    ['rows were made up', (entry) => (entry.kind === 'partCommitted' ? { ...entry, writtenRows: 4 } : entry)],
    ['a reject is missing', (entry) => (entry.kind === 'partPrepared' ? { ...entry, rejects: [] } : entry)],
    ['a part was never committed', (entry) => (entry.kind === 'partCommitted' ? undefined : entry)],
  ])('is refused when %s', async (_, tamper) => {
    const { entries } = await journalled();

    const failure = await failureOf(() =>
      foldReceipt(
        'a',
        entries.flatMap((entry) => tamper(entry) ?? []),
      ),
    );

    expect(failure).toMatchObject({
      code: 'RECEIPT_UNBALANCED',
      message: expect.stringMatching(/split 0: 6 rows were read/),
    });
  });
});
