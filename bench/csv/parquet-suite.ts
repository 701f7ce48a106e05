import type { Suite, SuiteOptions } from '../harness/contender.ts';
import { openCsvSuite } from './csv-suite.ts';

const VALUES = 'fed arrays of values, made off the clock';

/** From columns in memory to the bytes of a Parquet file. */
export async function openParquetSuite(options: SuiteOptions): Promise<Suite> {
  const sluice = (compression: string) => ({
    name: `sluice, ${compression}`,
    file: 'contender-parquet-sluice.ts',
    isOurs: true,
    input: { compression },
  });
  const hyparquet = (compression: string) => ({
    name: `hyparquet-writer, ${compression}`,
    file: 'contender-parquet-hyparquet.ts',
    input: { compression },
    caveat: VALUES,
  });
  return await openCsvSuite(
    {
      name: 'parquet',
      title: '20 columns in memory to Parquet',
      rows: 100_000,
      contenders: [sluice('snappy'), sluice('zstd'), hyparquet('snappy'), hyparquet('zstd')],
    },
    options,
  );
}
