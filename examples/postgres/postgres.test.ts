import { fileURLToPath } from 'node:url';

import { DuckDBInstance } from '@duckdb/node-api';
import { startEmulator } from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import { runExample } from '../run-example.ts';

describe('the example of PostgreSQL', () => {
  it('takes an org through tables and files into another, and then what has changed, and both orgs are equal', async () => {
    const { code, stdout, stderr } = await runExample(fileURLToPath(new URL('main.ts', import.meta.url)));

    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/navaids to PostgreSQL: 11,008 rows read = 11,008 written \+ 0 rejected/);
    expect(stdout).toMatch(/navaids to Parquet: 11,008 rows read = 11,008 written \+ 0 rejected/);
    expect(stdout).toMatch(/navaids: 11,008 rows read = 11,008 written \+ 0 rejected/);
    const [, first = '', changed = ''] = /^(.*)\nSome records change (.*)$/s.exec(stdout) ?? [];
    for (const part of [first, changed]) {
      expect(part).toContain('countries: 249 records are there, each as it was meant to be');
      expect(part).toContain('navaids: 11,008 records are there, each as it was meant to be');
      expect(part).toContain('companies: 503 records are there, each as it was meant to be');
    }
    const raised = Number(/prices raised: (\d+) rows read/.exec(changed)?.[1]);
    expect(raised).toBeGreaterThan(1);
    // With those changed comes the one that had changed last before.
    for (const way of ['to PostgreSQL', 'to the other org']) {
      expect(changed).toContain(`countries ${way}: 1 rows read`);
      expect(changed).toContain(`navaids ${way}: 1 rows read`);
      expect(changed).toContain(`companies ${way}: ${raised + 1} rows read`);
    }
    // By other means than ours at both ends: an org like the first, and what DuckDB finds in the files.
    expect(await companiesInFiles()).toEqual(await companiesInOrg());
  }, 120_000);
});

type Company = readonly [symbol: string, name: string, price: number | null, marketCap: number | null];

async function companiesInFiles(): Promise<readonly Company[]> {
  const duckdb = await DuckDBInstance.create(':memory:');
  const connection = await duckdb.connect();
  try {
    const files = fileURLToPath(new URL('out/companies/*.parquet', import.meta.url)).replaceAll("'", "''");
    const found = await connection.runAndReadAll(
      `SELECT Symbol__c, Name, Price__c::DOUBLE, Market_Cap__c::DOUBLE FROM read_parquet('${files}') ORDER BY Symbol__c`,
    );
    // As the query says.
    return found.getRows() as unknown as readonly Company[];
  } finally {
    connection.closeSync();
    duckdb.closeSync();
  }
}

async function companiesInOrg(): Promise<readonly Company[]> {
  await using emulator = await startEmulator();
  const login = await fetch(`${emulator.url}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: emulator.clientId,
      client_secret: emulator.clientSecret,
    }),
  });
  // As the API documents it.
  const { access_token: token } = (await login.json()) as { readonly access_token: string };
  const soql = 'SELECT Symbol__c, Name, Price__c, Market_Cap__c FROM Company__c ORDER BY Symbol__c';
  const answer = await fetch(`${emulator.url}/services/data/v64.0/query?q=${encodeURIComponent(soql)}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { records } = (await answer.json()) as {
    readonly records: readonly {
      Symbol__c: string;
      Name: string;
      Price__c: number | null;
      Market_Cap__c: number | null;
    }[];
  };
  return records.map(({ Symbol__c, Name, Price__c, Market_Cap__c }) => [Symbol__c, Name, Price__c, Market_Cap__c]);
}
