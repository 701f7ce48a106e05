import { collect, type Collected, fromBatches, limitRows } from '@sluice/core';
import { Field, Schema, Utf8 } from 'apache-arrow';
import { inject } from 'vitest';

import {
  EVERY_TYPE,
  memorySource,
  MemoryTable,
  rowsOf,
  type SinkHarness,
  type SourceHarness,
  type TestColumn,
} from '../src/index.ts';
import { describeSink, describeSource } from '../src/vitest/describe-plugin.ts';

const seed = inject('seed');
const long = inject('long');
const identity = 'row_id';
const EMPTY_SCHEMA = new Schema([]);
const columns: readonly TestColumn[] = [new Field(identity, new Utf8(), true), ...EVERY_TYPE].map((field) => ({
  field,
}));

const OWN_BATCHES = 'hands on the batches a program has as they are, whatever their size';

const batches: SourceHarness = {
  kind: 'source',
  name: 'fromBatches',
  isInMemory: true,
  columns,
  identity,
  anySchema: true,
  manyRows: 100,
  exceptions: { S4: OWN_BATCHES },
  async fixture(table) {
    const parts = Array.from({ length: Math.ceil(table.rows.length / 9) }, (_, i) =>
      table.batch(i * 9, Math.min(table.rows.length, i * 9 + 9)),
    );
    return {
      source: () => fromBatches(table.schema, parts),
      async [Symbol.asyncDispose]() {},
    };
  },
};

const limited: SourceHarness = {
  kind: 'source',
  name: 'limitRows',
  columns,
  identity,
  anySchema: true,
  manyRows: 100,
  badOptions: [{ what: 'a limit below 0', mentions: 'rows', make: () => limitRows(fromBatches(EMPTY_SCHEMA, []), -1) }],
  async fixture(table) {
    const remote = new MemoryTable(table);
    return {
      source: () => limitRows(memorySource(remote), table.rows.length),
      requests: () => remote.remote.requests,
      leftovers: async () => [...remote.jobs],
      faults: { cut: remote.faults.cut, unavailable: remote.faults.unavailable },
      async [Symbol.asyncDispose]() {},
    };
  },
};

/** A sink that is its own target: rows are the process's. */
const collected: SinkHarness = {
  kind: 'sink',
  name: 'collect',
  isInMemory: true,
  exceptions: {
    K7: 'what it stages is of this process alone, and a run in another fails with STAGED_DATA_LOST',
    K15: 'it shows what the last run brought, also when that was nothing',
    K24: 'it belongs to one program, which may run into it again',
  },
  columns,
  identity,
  anySchema: true,
  modes: ['create', 'overwrite'],
  keepsOrder: true,
  async target() {
    const sink: Collected = collect();
    return {
      sink: () => sink,
      rows: async () => sink.batches.flatMap(rowsOf),
      async [Symbol.asyncDispose]() {},
    };
  },
};

describeSource(batches, { seed, long, record: 'conformance/from-batches.json' });
describeSource(limited, { seed, long, record: 'conformance/limit-rows.json' });
describeSink(collected, { seed, long, record: 'conformance/collect.json' });
