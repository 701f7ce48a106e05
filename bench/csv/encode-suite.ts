import type { Suite, SuiteOptions } from '../harness/contender.ts';
import { openCsvSuite } from './csv-suite.ts';

/** From rows in memory to CSV for an upload. */
export async function openEncodeSuite(options: SuiteOptions): Promise<Suite> {
  return await openCsvSuite(
    {
      name: 'encode',
      title: '20 columns in memory to CSV, every cell in quotes',
      rows: 200_000,
      contenders: [
        { name: 'sluice', file: 'contender-encode-sluice.ts', isOurs: true },
        {
          name: 'csv-stringify',
          file: 'contender-encode-csv-stringify.ts',
          caveat: 'arrays of strings, so that no value has to be formatted',
        },
      ],
    },
    options,
  );
}
