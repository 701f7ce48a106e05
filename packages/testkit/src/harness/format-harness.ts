import type { Format, Row } from '@sluice/core';
import type { Field, Schema } from 'apache-arrow';

import type { TestColumn } from '../data/test-table.ts';
import type { PluginHarness } from './plugin-harness.ts';

/** What the author of a format supplies. */
export interface FormatHarness extends Omit<PluginHarness, 'secrets'> {
  readonly kind: 'format';
  readonly columns: readonly TestColumn[];
  readonly identity: string;
  /** Those that are read with the types they were written with, by a format that opens files. Default: all. */
  readonly readColumns?: readonly TestColumn[];
  /** Fields of types that `encode` must refuse. */
  readonly refusedFields?: readonly Field[];
  /** Another instance with the options under test, small bounds among them so that files have several units. */
  format(): Format;
  /** The rows of a whole file by another implementation. Default: the format's own `decode`. */
  rows?(bytes: Uint8Array, schema: Schema): Promise<readonly Row[]>;
}
