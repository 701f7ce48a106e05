import type { Sink, Source } from '@sluice/core';
import { DataType, Field, Utf8 } from 'apache-arrow';

import { valueText } from '../src/data/value-text.ts';
import {
  EVERY_TYPE,
  memorySink,
  type MemorySinkOptions,
  memorySource,
  MemoryTable,
  MemoryTarget,
  type SinkHarness,
  type SourceHarness,
  type TestColumn,
  testTable,
  UNION_TYPES,
  fieldsOf,
} from '../src/index.ts';

export const SECRET = 'token-9f86d081884c7d65';

const identity = 'row_id';

const every: readonly TestColumn[] = [new Field(identity, new Utf8(), true), ...EVERY_TYPE].map((field) => ({ field }));

export interface SourceChange {
  /** The correct source, changed in one way. */
  readonly source?: (source: Source, remote: MemoryTable) => Source;
  /** Options and fixture, changed in one way. */
  readonly harness?: (harness: SourceHarness) => SourceHarness;
}

/** The source in memory, correct unless it is changed. */
export function sourceHarness({
  source: change = (source) => source,
  harness = (same) => same,
}: SourceChange = {}): SourceHarness {
  return harness({
    kind: 'source',
    name: 'memory source',
    columns: every,
    identity,
    anySchema: true,
    manyRows: 120,
    secrets: [SECRET],
    badOptions: [
      {
        what: 'a split of no rows',
        mentions: 'splitRows',
        make: () => memorySource(new MemoryTable(testTable({ columns: every, identity, rows: 0 })), { splitRows: 0 }),
      },
    ],
    async fixture(table) {
      const remote = new MemoryTable(table);
      return {
        source: () => change(memorySource(remote, { token: SECRET }), remote),
        requests: () => remote.remote.requests,
        peakRequests: () => remote.remote.peakRequests,
        leftovers: async () => [...remote.jobs],
        faults: { ...remote.faults, expireSession: () => remote.faults.unavailable({ times: 1 }) },
        variants: {
          'one split': () => change(memorySource(remote, { splitRows: 100_000 }), remote),
          'splits of 7 rows': () => change(memorySource(remote, { splitRows: 7 }), remote),
        },
        async [Symbol.asyncDispose]() {},
      };
    },
  });
}

export interface SinkChange {
  readonly sink?: (sink: Sink, target: MemoryTarget) => Sink;
  readonly harness?: (harness: SinkHarness) => SinkHarness;
  readonly options?: MemorySinkOptions;
}

/** The sink in memory, correct unless it is changed. */
export function sinkHarness({
  sink: change = (sink) => sink,
  harness = (same) => same,
  options,
}: SinkChange = {}): SinkHarness {
  return harness({
    kind: 'sink',
    name: 'memory sink',
    columns: every.filter(({ field }) => !(field.name in UNION_TYPES)),
    identity,
    anySchema: true,
    modes: ['create', 'append', 'overwrite', 'upsert'],
    refusedFields: fieldsOf(UNION_TYPES),
    keepsOrder: true,
    secrets: [SECRET],
    badOptions: [
      { what: 'no writer', mentions: 'writers', make: () => memorySink(new MemoryTarget(), { writers: 0 }) },
    ],
    async target() {
      const target = new MemoryTarget();
      const refuse: MemorySinkOptions['refuse'] = (row) =>
        valueText(row[identity]).startsWith('bad') ? 'the target refuses it' : undefined;
      return {
        sink: () => change(memorySink(target, { refuse, refuseField, ...options }), target),
        rows: async () => target.published ?? [],
        leftovers: async () => [...target.staged.keys()],
        content: async () => new Map([['rows', Buffer.from(JSON.stringify(target.published, bigintAsText))]]),
        columnNames: async () => target.columnNames,
        requests: () => target.remote.requests,
        peakRequests: () => target.remote.peakRequests,
        stall: () => target.remote.stall(),
        badRow: (row) => ({ ...row, [identity]: `bad ${valueText(row[identity])}` }),
        faults: target.remote.faults,
        async [Symbol.asyncDispose]() {},
      };
    },
  });
}

const refuseField = ({ type }: Field): boolean => DataType.isUnion(type);

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
