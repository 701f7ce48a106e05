import type { Suite, SuiteOptions } from '../harness/contender.ts';
import { openCsvSuite } from './csv-suite.ts';

/** From rows in memory to CSV for an upload. */
export async function openEncodeSuite(options: SuiteOptions): Promise<Suite> {
  return await openCsvSuite(
    {
      name: 'encode',
      title: '20 columns in memory to CSV for an upload',
      rows: 200_000,
      contenders: [
        {
          name: 'sluice, ingest',
          file: 'contender-encode-ingest.ts',
          isOurs: true,
          caveat: 'values checked, quotes only where needed',
        },
        { name: 'sluice', file: 'contender-encode-sluice.ts', isOurs: true },
        {
          name: 'csv-stringify',
          file: 'contender-encode-csv-stringify.ts',
          caveat: 'arrays of strings, so that no value has to be formatted',
        },
        {
          name: 'jsforce',
          file: 'contender-encode-jsforce.ts',
          caveat: 'objects of strings, so that no value has to be formatted; quotes only where needed',
        },
      ],
    },
    options,
  );
}
