import type { Clock } from '@sluice/core';
import {
  EVERY_TYPE,
  fieldsOf,
  memorySink,
  memorySource,
  MemoryTable,
  MemoryTarget,
  type SinkHarness,
  type SourceHarness,
  type TestColumn,
  UNION_TYPES,
} from '@sluice/testkit';
import { describeSink, describeSource } from '@sluice/testkit/vitest';
import { DataType, Field, Utf8 } from 'apache-arrow';
import { inject } from 'vitest';

import { CopyMeter } from '../../src/copy/copy-meter.ts';
import { measuredSink } from '../../src/copy/measured-sink.ts';
import { measuredSource } from '../../src/copy/measured-source.ts';

const seed = inject('seed');
const long = inject('long');
const identity = 'row_id';
const columns: readonly TestColumn[] = [new Field(identity, new Utf8(), true), ...EVERY_TYPE].map((field) => ({
  field,
}));
const standing: Clock = { now: () => 0, sleep: async () => {} };

/** The ends of a copy as they are measured, over plugins that pass: measuring must not show. */
const source: SourceHarness = {
  kind: 'source',
  name: 'a source of a Data Factory copy, measured',
  columns,
  identity,
  anySchema: true,
  manyRows: 120,
  async fixture(table) {
    const remote = new MemoryTable(table);
    return {
      source: () => measuredSource(memorySource(remote), new CopyMeter(standing), { maxConnections: 2 }),
      requests: () => remote.remote.requests,
      peakRequests: () => remote.remote.peakRequests,
      leftovers: async () => [...remote.jobs],
      faults: { ...remote.faults, expireSession: () => remote.faults.unavailable({ times: 1 }) },
      async [Symbol.asyncDispose]() {},
    };
  },
};

const sink: SinkHarness = {
  kind: 'sink',
  name: 'a sink of a Data Factory copy, measured',
  columns: columns.filter(({ field }) => !(field.name in UNION_TYPES)),
  identity,
  anySchema: true,
  modes: ['create', 'append', 'overwrite', 'upsert'],
  refusedFields: fieldsOf(UNION_TYPES),
  keepsOrder: true,
  async target() {
    const target = new MemoryTarget();
    const refuseField = ({ type }: Field): boolean => DataType.isUnion(type);
    return {
      sink: () =>
        measuredSink(
          { sink: memorySink(target, { refuseField }), written: async () => ({ files: 0, bytes: 0 }) },
          new CopyMeter(standing),
        ),
      rows: async () => target.published ?? [],
      leftovers: async () => [...target.staged.keys()],
      columnNames: async () => target.columnNames,
      requests: () => target.remote.requests,
      peakRequests: () => target.remote.peakRequests,
      stall: () => target.remote.stall(),
      faults: target.remote.faults,
      async [Symbol.asyncDispose]() {},
    };
  },
};

describeSource(source, { seed, long, record: '../conformance/measured-source.json' });
describeSink(sink, { seed, long, record: '../conformance/measured-sink.json' });
