import { openCsvSuite } from '../csv/csv-suite.ts';
import type { Suite, SuiteOptions } from '../harness/contender.ts';
import { writeJsonLines } from './json-lines.ts';

const DEFAULT_ROWS = 200_000;

/** From JSON Lines to typed columns in memory. */
export async function openJsonReadSuite(options: SuiteOptions): Promise<Suite> {
  return await openCsvSuite(
    {
      name: 'json-read',
      title: 'JSON Lines of 20 members to columns in memory',
      rows: DEFAULT_ROWS,
      prepare: writeJsonLines,
      contenders: [
        { name: 'sluice', file: '../json/contender-json-read-sluice.ts', isOurs: true },
        {
          name: 'JSON.parse',
          file: '../json/contender-json-read-parse.ts',
          caveat: 'objects, numbers as doubles, all in memory',
        },
        {
          name: 'DuckDB, one thread',
          file: '../json/contender-json-read-duckdb.ts',
          caveat: 'read_json with the types given, into a table of its own layout',
        },
      ],
    },
    options,
  );
}

/** From columns in memory to JSON Lines. */
export async function openJsonWriteSuite(options: SuiteOptions): Promise<Suite> {
  return await openCsvSuite(
    {
      name: 'json-write',
      title: '20 columns in memory to JSON Lines',
      rows: DEFAULT_ROWS,
      prepare: writeJsonLines,
      contenders: [
        { name: 'sluice', file: '../json/contender-json-write-sluice.ts', isOurs: true },
        {
          name: 'JSON.stringify',
          file: '../json/contender-json-write-stringify.ts',
          caveat: 'objects, numbers as doubles, dates as text',
        },
        {
          name: 'DuckDB, one thread',
          file: '../json/contender-json-write-duckdb.ts',
          caveat: 'from a table of its own to a file',
        },
      ],
    },
    options,
  );
}
