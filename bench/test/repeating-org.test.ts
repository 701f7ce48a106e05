import { read } from '@sluice/core';
import { startBenchEmulator } from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import { rawQuery } from '../query/raw-query.ts';
import { QUERY_OPTIONS, sluiceOrg } from '../query/sluice-org.ts';
import { startRepeatingOrg } from '../scale/repeating-org.ts';

describe('an org that repeats its page', () => {
  it('has as many times the rows, each page with another first row, in the memory of one', async () => {
    await using emulator = await startBenchEmulator({ rows: 40, results: { pageRows: 40 } });
    await using org = await startRepeatingOrg({ url: emulator.url, pages: 7 });
    const { clientId, clientSecret, soql, csvBytes } = emulator;
    const input = { url: org.url, clientId, clientSecret, soql, gzip: true };

    let bytes = 0;
    for await (const chunk of rawQuery(input)) bytes += chunk.length;
    const ids = new Set<unknown>();
    let rows = 0;
    await using client = sluiceOrg(input, {});
    for await (const batch of read(client.query(soql, QUERY_OPTIONS))) {
      rows += batch.numRows;
      for (const id of batch.getChild('Id')!) ids.add(id);
    }

    expect(bytes).toBe(csvBytes * 7);
    expect(rows).toBe(280);
    expect(ids.size).toBe(39 + 7);
  });
});
