import { type RecordBatch, type Schema, Table } from 'apache-arrow';

import type { PartId, Sink } from '../contract/sink.ts';
import { SluiceError } from '../error/sluice-error.ts';

interface CollectedPart {
  readonly [key: string]: number;
  readonly rows: number;
}

/** A sink that keeps rows in memory, in the order of their splits. Empty until the run is committed. */
export interface Collected extends Sink<null, CollectedPart> {
  readonly batches: readonly RecordBatch[];
  /** @throws `NOT_FOUND` before a run is committed. */
  table(): Table;
}

/** Memory grows with the rows. What is staged is the process's: a run into it cannot be resumed by another. */
export function collect(): Collected {
  const staged = new Map<string, readonly RecordBatch[]>();
  let batches: readonly RecordBatch[] = [];
  let collected: Schema | undefined;
  /** Of the run that is under way. */
  let isCommitted = false;
  const keyOf = ({ split, part }: PartId): string => `${split}/${part}`;
  return {
    contractVersion: 1,
    name: 'collect',
    config: null,
    traits: { guarantee: 'atomic', commit: 'end', writers: 64, bufferBytes: 0 },
    get batches() {
      return batches;
    },
    table() {
      if (collected !== undefined) return new Table(collected, [...batches]);
      throw new SluiceError('NOT_FOUND', 'nothing has been collected: no run into this sink is committed');
    },
    async check() {},
    async open(_schema, { mode }) {
      isCommitted = false;
      if (mode === 'create' || mode === 'overwrite') return null;
      throw new SluiceError('CONFIG_INVALID', `rows cannot be collected with mode ${mode}`, { hint: 'Use create.' });
    },
    async writer(_target, _schema, part) {
      const written: RecordBatch[] = [];
      let rows = 0;
      return {
        async write(batch) {
          written.push(batch);
          rows += batch.numRows;
          return {};
        },
        async prepare() {
          staged.set(keyOf(part), written);
          return { rows };
        },
        async [Symbol.asyncDispose]() {},
      };
    },
    async *commit(_target, schema, parts) {
      const found = parts.map(({ part }) => staged.get(keyOf(part)));
      if (found.includes(undefined)) {
        throw new SluiceError('STAGED_DATA_LOST', 'rows collected by another process are gone', {
          hint: 'Start a new run.',
        });
      }
      batches = found.flatMap((part) => part ?? []);
      collected = schema;
      isCommitted = true;
      for (const { part, message } of parts) yield { part, writtenRows: message.rows, rejects: noRejects() };
    },
    async abort(_target, _schema, parts) {
      staged.clear();
      const results = parts.flatMap(({ part, message }) =>
        isCommitted && message !== undefined ? { part, writtenRows: message.rows, rejects: noRejects() } : [],
      );
      return { leftBehind: [], results };
    },
    async [Symbol.asyncDispose]() {},
  };
}

async function* noRejects(): AsyncGenerator<never> {}
