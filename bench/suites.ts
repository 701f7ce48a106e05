import { openDecodeSuite } from './csv/decode-suite.ts';
import { openEncodeSuite } from './csv/encode-suite.ts';
import { openParquetReadSuite } from './csv/parquet-read-suite.ts';
import { openParquetSuite } from './csv/parquet-suite.ts';
import type { Suite, SuiteOptions } from './harness/contender.ts';
import { openJsonReadSuite, openJsonWriteSuite } from './json/json-suites.ts';
import { openPostgresReadSuite } from './postgres/read-suite.ts';
import { openPostgresScaleSuite } from './postgres/scale-suite.ts';
import { openPostgresWriteSuite } from './postgres/write-suite.ts';
import { openQuerySuite } from './query/query-suite.ts';
import { openScaleSuite } from './scale/scale-suite.ts';

/** By the name that a run asks for them. */
export const SUITES: Readonly<Record<string, (options: SuiteOptions) => Promise<Suite>>> = {
  decode: openDecodeSuite,
  encode: openEncodeSuite,
  parquet: openParquetSuite,
  'parquet-read': openParquetReadSuite,
  'json-read': openJsonReadSuite,
  'json-write': openJsonWriteSuite,
  query: openQuerySuite,
  scale: openScaleSuite,
  'postgres-write': openPostgresWriteSuite,
  'postgres-read': openPostgresReadSuite,
  'postgres-scale': openPostgresScaleSuite,
};
