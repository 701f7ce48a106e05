import { type Delivery, type Json, type Source, SluiceError } from '@sluice/core';

import { batchOf, type MemoryTable, rowsOf } from '../../src/index.ts';
import { type SourceChange, sourceHarness } from '../memory-harness.ts';
import type { Mutant } from './mutant.ts';

type Read = Source['read'];
type Reading = AsyncIterable<Delivery<Json>>;

/** What is read, changed on the way. */
export function reading(change: (rows: Reading, ...args: Parameters<Read>) => Reading): SourceChange {
  return { source: (source) => ({ ...source, read: (...args) => change(source.read(...args), ...args) }) };
}

/** Each delivery, changed. */
export function deliveries(change: (delivery: Delivery<Json>, i: number) => Delivery<Json>): SourceChange {
  return reading(async function* (rows) {
    let i = 0;
    for await (const delivery of rows) yield change(delivery, i++);
  });
}

/** Every row, changed. */
export function cells(change: (value: unknown, name: string) => unknown): SourceChange {
  return deliveries(({ batch, ...rest }) => ({
    ...rest,
    batch: batchOf(
      batch.schema,
      rowsOf(batch).map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, change(value, name) as never])),
      ),
    ),
  }));
}

/** Methods of the source in the place of its own. */
export function source(change: (correct: Source, remote: MemoryTable) => Partial<Source>): SourceChange {
  return { source: (correct, remote) => ({ ...correct, ...change(correct, remote) }) };
}

/** Fails with another error where the source fails. */
export function failingWith(failure: (error: unknown) => unknown): SourceChange {
  return source((correct) => ({
    check: (ctx) =>
      correct.check(ctx).catch((error: unknown) => {
        throw failure(error);
      }),
  }));
}

export function internal(): SluiceError {
  return new SluiceError('INTERNAL', 'something failed');
}

export function mutant(check: string, is: string, says: RegExp, change: SourceChange): Mutant {
  return { check, is, says, harness: () => sourceHarness(change) };
}
