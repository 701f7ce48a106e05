import { copy, type Mapping, type Row, type Run, SluiceError, type Store } from '@sluice/core';
import { computed, mapping, take } from '@sluice/core/mapping';
import { parquet } from '@sluice/formats/parquet';
import type { SalesforceOrg } from '@sluice/salesforce';
import { files as filesSink } from '@sluice/sinks';
import { files as filesSource } from '@sluice/sources';
import { Decimal, Utf8 } from 'apache-arrow';

import { printReceipt } from './print-receipt.ts';
import { showProgress } from './show-progress.ts';

/** What goes into an object: columns under the names of its fields, and the field that tells its records apart. */
interface Load {
  readonly object: string;
  readonly externalId: string;
  readonly columns: readonly string[];
}

/** Parents come first: a navaid finds its country by the country's own external id. */
export const LOADS: Readonly<Record<string, Load>> = {
  countries: {
    object: 'Country__c',
    externalId: 'Code__c',
    columns: ['Code__c', 'Name', 'Continent__c', 'Keywords__c'],
  },
  navaids: {
    object: 'Navaid__c',
    externalId: 'Source_Id__c',
    columns: [
      'Source_Id__c',
      'Name',
      'Ident__c',
      'Type__c',
      'Frequency_KHz__c',
      'Latitude__c',
      'Longitude__c',
      'Elevation_Ft__c',
      'Magnetic_Variation__c',
      'Country__r.Code__c',
    ],
  },
  companies: {
    object: 'Company__c',
    externalId: 'Symbol__c',
    columns: ['Symbol__c', 'Name', 'Sector__c', 'Price__c', 'Dividend_Yield__c', 'Market_Cap__c'],
  },
};

export interface LoadOptions {
  readonly org: SalesforceOrg;
  readonly store: Store;
  readonly signal: AbortSignal;
}

/** Loads the files of the main job into an org that has the same objects and no records. */
export async function loadAll(options: LoadOptions): Promise<void> {
  for (const [name, { columns }] of Object.entries(LOADS)) {
    printReceipt(name, await upsert(name, mapping({ columns }), options));
  }
}

/** The same companies again, those of one sector at a higher price. */
export async function raisePrices(options: LoadOptions): Promise<void> {
  const price = new Decimal(3, 18);
  const raised = mapping({
    columns: [
      'Symbol__c',
      computed('Price__c', {
        type: price,
        from: { price: take('Price__c', { type: price }), sector: take('Sector__c', { type: new Utf8() }) },
        function: 'raised-price/1',
        value({ price: was, sector }, row) {
          const value = was.at(row);
          return value !== null && sector.at(row) === RAISED_SECTOR ? value + RAISE : value;
        },
      }),
    ],
  });
  printReceipt('companies, prices raised', await upsert('companies', raised, options));
}

const RAISED_SECTOR = 'Building Products';
/** One dollar, in thousandths. */
const RAISE = 1000n;

/** What raising prices is to have done to a record. */
export function withRaisedPrice(name: string, record: Row): Row {
  const price = record['Price__c'];
  if (name !== 'companies' || record['Sector__c'] !== RAISED_SECTOR || typeof price !== 'string') return record;
  const thousandths = BigInt(price.replace('.', '')) + RAISE;
  return { ...record, Price__c: `${thousandths / 1000n}.${String(thousandths % 1000n).padStart(3, '0')}` };
}

/** A kind of navaid that the org's picklist does not have: one row is rejected, and the others are written. */
export async function loadLighthouse(options: LoadOptions): Promise<void> {
  const lighthouse = mapping({
    columns: [
      'Source_Id__c',
      computed('Type__c', {
        type: new Utf8(),
        from: { ident: take('Ident__c', { type: new Utf8() }), type: take('Type__c', { type: new Utf8() }) },
        function: 'lighthouse/1',
        value: ({ ident, type }, row) => (ident.at(row) === '1A' ? 'LIGHTHOUSE' : type.at(row)),
      }),
    ],
  });
  try {
    await upsert('navaids', lighthouse, options);
  } catch (error) {
    if (!SluiceError.is(error) || error.code !== 'ROWS_REJECTED') throw error;
    console.log(`by default a rejected row fails the run: ${error.message}`);
  }
  const rejected = filesSink({ store: options.store, path: 'rejected/', format: parquet() });
  const receipt = await upsert('navaids', lighthouse, options, { maxRejects: 1, rejected });
  printReceipt('navaids, one of a kind unknown', receipt);
  for (const { rows, code, message } of receipt.rejects) console.log(`  rejected: ${rows} × ${code}: ${message}`);
}

function upsert(
  name: string,
  map: Mapping,
  { org, store, signal }: LoadOptions,
  more: Pick<Parameters<typeof copy>[0], 'maxRejects' | 'rejected'> = {},
): Run {
  const { object, externalId } = LOADS[name]!;
  const run = copy({
    from: filesSource({ store, path: `${name}/`, format: parquet() }),
    map,
    to: org.ingest({ object, operation: 'upsert', externalId, poll: { firstMs: 100, startMs: 100 } }),
    signal,
    ...more,
  });
  showProgress(name, run.progress$);
  return run;
}
