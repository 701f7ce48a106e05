import type { Row, Sink, WriteMode } from '@sluice/core';
import type { Field } from 'apache-arrow';

import type { TestColumn } from '../data/test-table.ts';
import type { Faults } from './fault-kind.ts';
import type { PluginHarness } from './plugin-harness.ts';

/** What the author of a sink supplies: empty targets, sinks that write to them, and another way to see what is there. */
export interface SinkHarness extends PluginHarness {
  readonly kind: 'sink';
  /** Columns the target takes, and the values it gives back as they are. */
  readonly columns: readonly TestColumn[];
  /** Name of the column that tells rows apart: text or integer. */
  readonly identity: string;
  /** The target takes any columns of the types in `columns`, however many and whatever their names. */
  readonly anySchema?: true;
  readonly modes: readonly WriteMode[];
  /** Columns for `upsert`. Default: the identity. */
  readonly keys?: readonly string[];
  /** Fields that `open` must refuse. */
  readonly refusedFields?: readonly Field[];
  /** `rows` gives the rows in the order they were written, splits and parts in theirs. */
  readonly keepsOrder?: true;
  /** An empty target. */
  target(): Promise<SinkTarget>;
}

export interface SinkTarget extends AsyncDisposable {
  /** Another instance for the same target, as another process would make it. Disposed of by the kit. */
  sink(): Sink;
  /** What everybody sees, read by other means than the sink's. None where nothing is there. */
  rows(): Promise<readonly Row[]>;
  /**
   * What is there besides, such as staged data. `entries` are those of the run's journal, as JSON, where processes were
   * killed: of something that one had asked for and could not write down any more, the next cannot know.
   */
  leftovers?(entries?: readonly string[]): Promise<readonly string[]>;
  /** Everything that is visible, byte for byte, by name. */
  content?(): Promise<ReadonlyMap<string, Uint8Array>>;
  /** The names of the columns the target has now. */
  columnNames?(): Promise<readonly string[]>;
  requests?(): number;
  /** The most of them there were at one time whose answer had not begun. */
  peakRequests?(): number;
  /** From now on the target takes nothing, until it is released. */
  stall?(): { release(): void };
  /** The row, changed so that the target refuses it. */
  badRow?(row: Row): Row;
  readonly faults?: Faults;
}
