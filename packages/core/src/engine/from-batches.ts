import type { RecordBatch, Schema } from 'apache-arrow';

import type { Source } from '../contract/source.ts';
import { SluiceError } from '../error/sluice-error.ts';

export type Batches = Iterable<RecordBatch> | AsyncIterable<RecordBatch>;

interface OneSplit {
  readonly [key: string]: never;
}

/**
 * Batches that a program has, as a source of one split. Batches are handed on as they are, whatever their size.
 *
 * Given a function, it is called whenever the rows are read again; given a list, the list is read again. Anything else
 * can be read once, and a second reading fails with `SOURCE_CHANGED`.
 */
export function fromBatches(schema: Schema, batches: Batches | (() => Batches)): Source<null, OneSplit, never> {
  let isUsed = false;
  function open(): Batches {
    if (typeof batches === 'function') return batches();
    if (isUsed && !Array.isArray(batches)) {
      throw new SluiceError('SOURCE_CHANGED', 'the batches were read already and cannot be read again', {
        hint: 'Give fromBatches a list, or a function that makes the batches anew.',
      });
    }
    isUsed = true;
    return batches;
  }
  return {
    contractVersion: 1,
    name: 'batches',
    config: null,
    traits: { ordered: true, positions: false },
    async check() {},
    plan: async () => ({ state: null, schema, estimate: {}, notes: [] }),
    async *splits(_plan, _ctx, after) {
      if (after === undefined) yield {};
    },
    async *read(_plan, _split, { signal }) {
      for await (const batch of open()) {
        signal.throwIfAborted();
        yield { batch };
      }
    },
    finish: async () => [],
    async [Symbol.asyncDispose]() {},
  };
}
