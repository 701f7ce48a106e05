import type { Suite, SuiteOptions } from '../harness/contender.ts';
import { openCsvSuite } from './csv-suite.ts';

const STRINGS = 'arrays of strings without types';

/** From a file of CSV to typed columns in memory. */
export async function openDecodeSuite(options: SuiteOptions): Promise<Suite> {
  const text = (name: string) => ({
    name,
    file: 'contender-decode-text.ts',
    input: { parser: name },
    caveat: STRINGS,
  });
  const duckdb = (name: string, threads: number) => ({
    name,
    file: 'contender-decode-duckdb.ts',
    input: { threads },
    caveat: 'read_csv with the types given, into a table of its own layout',
  });
  return await openCsvSuite(
    {
      name: 'decode',
      title: 'a file of 20 typed columns, every cell in quotes, to columns in memory',
      rows: 500_000,
      contenders: [
        { name: 'sluice, wasm', file: 'contender-decode-sluice.ts', isOurs: true, input: { engine: 'wasm' } },
        { name: 'sluice, js', file: 'contender-decode-sluice.ts', isOurs: true, input: { engine: 'js' } },
        duckdb('DuckDB, one thread', 1),
        duckdb('DuckDB, all cores', 0),
        text('udsv'),
        text('papaparse'),
        text('csv-parse'),
        { name: 'read', file: 'contender-read.ts', caveat: 'bytes that nobody looks at: the floor' },
      ],
    },
    options,
  );
}
