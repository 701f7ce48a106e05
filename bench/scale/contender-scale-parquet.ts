import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { copy } from '@sluice/core';
import { parquet } from '@sluice/formats/parquet';
import { files } from '@sluice/sinks';
import { localStore } from '@sluice/stores';

import { measure } from '../harness/measure.ts';
import { queryInput } from '../query/query-input.ts';
import { QUERY_OPTIONS, sluiceOrg } from '../query/sluice-org.ts';

await measure(async (given) => {
  const input = queryInput.parse(given);
  await using org = sluiceOrg(input, {});
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  const receipt = await copy({
    from: org.query(input.soql, QUERY_OPTIONS),
    to: files({ store: localStore(folder), path: 'rows/', format: parquet({ compression: 'zstd' }) }),
  });
  return async () => {
    try {
      const apiCalls = Object.values(receipt.apiCalls).reduce((sum, calls) => sum + calls, 0);
      return { rows: await rowsIn(join(folder, 'rows')), apiCalls };
    } finally {
      await rm(folder, { recursive: true });
    }
  };
});

/** By a reader that is not ours. */
async function rowsIn(folder: string): Promise<number> {
  const { asyncBufferFromFile, parquetMetadataAsync } = await import('hyparquet');
  let rows = 0;
  for (const name of await readdir(folder)) {
    const { num_rows: count } = await parquetMetadataAsync(await asyncBufferFromFile(join(folder, name)));
    rows += Number(count);
  }
  return rows;
}
