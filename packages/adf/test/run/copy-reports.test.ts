import { createOrg, type Org } from '@sluice/salesforce-emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { reference } from '../definitions/factory-files.ts';
import { type CopyWorkspace, copyWorkspace } from './copy-workspace.ts';

let org: Org;
let workspace: CopyWorkspace;

beforeAll(async () => {
  org = createOrg({
    objects: {
      Deal__c: {
        fields: { Amount__c: { type: 'currency' }, Close__c: { type: 'date' }, Stage__c: { type: 'string' } },
      },
      Many__c: {},
    },
    reports: {
      Deals: {
        name: 'Deals',
        object: 'Deal__c',
        columns: ['Name', 'Amount__c', 'Close__c'],
        sortBy: { column: 'Name' },
      },
      Stages: {
        name: 'Stages',
        format: 'SUMMARY',
        object: 'Deal__c',
        columns: ['Name'],
        groupingsDown: ['Stage__c'],
      },
      Many: { name: 'Many', object: 'Many__c', columns: ['Name'] },
    },
    rows: {
      Deal__c: [
        { Name: 'A', Amount__c: 1234.56, Close__c: '2026-03-31', Stage__c: 'Won' },
        { Name: 'B', Stage__c: 'Lost' },
      ],
      Many__c: Array.from({ length: 2001 }, (_, row) => ({ Name: `n${row}` })),
    },
  });
  workspace = await copyWorkspace({ org });
});

afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  org[Symbol.dispose]();
});

function idOf(name: string): string {
  return org.reports.find(({ developerName }) => developerName === name)!.id;
}

function partsWith(name: string) {
  return {
    datasets: {
      object: {
        type: 'SalesforceV2Object',
        linkedServiceName: reference('crm'),
        typeProperties: { reportId: idOf(name) },
      },
    },
  };
}

describe('a copy of a report', () => {
  it('SRC-08 writes its rows, dates as instants at midnight', async () => {
    const { run } = await workspace.copy({ file: 'deals.csv', output: 'csv' }, { parts: partsWith('Deals') });

    expect(run).toMatchObject({ status: 'Succeeded', activityRuns: [{ output: { rowsRead: 2, rowsCopied: 2 } }] });
    expect(await workspace.text('deals.csv')).toBe(
      'Name,Amount__c,Close__c\r\nA,1234.560000000000000000,2026-03-31T00:00:00.0000000\r\nB,,\r\n',
    );
  });

  it('SRC-08 has the groups of a summary report as columns', async () => {
    await workspace.copy({ file: 'stages.csv', output: 'csv' }, { parts: partsWith('Stages') });

    expect(await workspace.text('stages.csv')).toBe('Stage__c,Name\r\nLost,B\r\nWon,A\r\n');
  });

  it('SRC-08 fails when the report has more rows than the 2,000 an org gives, and writes none', async () => {
    const { run } = await workspace.copy({ file: 'many.parquet' }, { parts: partsWith('Many') });

    expect(run).toMatchObject({ status: 'Failed' });
    expect(run.message).toContain('the report has more rows than the 2000 an org gives of one');
    expect(await workspace.files()).not.toContain('many.parquet');
  });

  it('SRC-08 LK-01 is looked up row by row', async () => {
    const { run } = await workspace.run(
      [
        {
          name: 'Look',
          type: 'Lookup',
          typeProperties: {
            source: { type: 'SalesforceV2Source' },
            dataset: reference('object', 'DatasetReference'),
            firstRowOnly: true,
          },
        },
      ],
      { parts: partsWith('Stages') },
    );

    expect(run).toMatchObject({ activityRuns: [{ output: { firstRow: { Stage__c: 'Lost', Name: 'B' } } }] });
  });
});
