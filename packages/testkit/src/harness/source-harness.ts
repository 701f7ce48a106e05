import type { Row, Source } from '@sluice/core';

import type { TestColumn, TestTable } from '../data/test-table.ts';
import type { Faults } from './fault-kind.ts';
import type { PluginHarness } from './plugin-harness.ts';

/** What the author of a source supplies: a remote side with given rows, and sources that read it. */
export interface SourceHarness extends PluginHarness {
  readonly kind: 'source';
  /** What the remote side can hold, and the values it gives back as they are. */
  readonly columns: readonly TestColumn[];
  /** Name of the column that tells rows apart: text or integer. */
  readonly identity: string;
  /** The remote side takes any columns of the types in `columns`, however many and whatever their names. */
  readonly anySchema?: true;
  /** Rows of the larger fixtures. Default 300; fewer where making them is slow. */
  readonly manyRows?: number;
  /** A remote side with exactly these rows, in several splits where it can have several. */
  fixture(table: TestTable): Promise<SourceFixture>;
}

export interface SourceFixture extends AsyncDisposable {
  /** Another instance that reads the fixture, as another process would make it. Disposed of by the kit. */
  source(): Source;
  /** The rows that have to come, where they are not those of the table. */
  readonly expected?: readonly Row[];
  /** Requests that have reached the remote side, of any kind. */
  requests?(): number;
  /** The most of them there were at one time whose answer had not begun. */
  peakRequests?(): number;
  /** What runs have started on the remote side, or left anywhere, and not ended or removed. */
  leftovers?(): Promise<readonly string[]>;
  readonly faults?: Faults;
  /** Other ways to the same rows, such as other page sizes. They have to give the same. */
  readonly variants?: Readonly<Record<string, () => Source>>;
}
