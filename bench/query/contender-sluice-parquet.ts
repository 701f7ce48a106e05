import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { copy } from '@sluice/core';
import { parquet } from '@sluice/formats/parquet';
import { files } from '@sluice/sinks';
import { localStore } from '@sluice/stores';

import { measure } from '../harness/measure.ts';
import { queryInput } from './query-input.ts';
import { QUERY_OPTIONS, sluiceOrg } from './sluice-org.ts';

await measure(async (given) => {
  const input = queryInput.parse(given);
  await using org = sluiceOrg(input, { gzip: input.gzip });
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  await copy({
    from: org.query(input.soql, QUERY_OPTIONS),
    to: files({ store: localStore(folder), path: 'rows/', format: parquet({ compression: 'zstd' }) }),
  });
  return async () => {
    try {
      return await (await import('./parquet-facts.ts')).parquetFacts(join(folder, 'rows'));
    } finally {
      await rm(folder, { recursive: true });
    }
  };
});
