import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Row } from '@sluice/core';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

import type { Facts } from '../harness/contender.ts';
import { RowFacts, type FactRow } from './row-facts.ts';

const COLUMNS = ['Id', 'Description__c', 'Amount__c', 'Started_At__c'];

/** What the files of a folder add up to by a reader that is not ours. */
export async function parquetFacts(folder: string): Promise<Facts> {
  const facts = new RowFacts();
  for (const name of (await readdir(folder)).sort()) {
    const file = await asyncBufferFromFile(join(folder, name));
    const metadata = await parquetMetadataAsync(file);
    // Without the annotation the reader gives the unscaled whole number in place of a float.
    for (const element of metadata.schema) {
      if (element.converted_type !== 'DECIMAL') continue;
      delete element.converted_type;
      delete element.logical_type;
    }
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      const rows = await parquetReadObjects({ file, metadata, compressors, columns: COLUMNS, rowStart, rowEnd });
      for (const row of rows) facts.add(storedRow(row));
      rowStart = rowEnd;
    }
  }
  return facts.facts();
}

/** A row as hyparquet reads it, with decimals left unscaled. */
export function storedRow(row: Readonly<Record<string, unknown>>): FactRow {
  const { Id: id, Description__c: description, Amount__c: amount, Started_At__c: started } = row;
  return {
    id: typeof id === 'string' ? id : '',
    description: typeof description === 'string' ? description : null,
    amount: typeof amount === 'bigint' ? `${amount}E-2` : null,
    startedMs: started instanceof Date ? started.getTime() : null,
  };
}

/** A row as core reads it from a batch. */
export function parsedRow({
  Id: id,
  Description__c: description,
  Amount__c: amount,
  Started_At__c: started,
}: Row): FactRow {
  return {
    id: typeof id === 'string' ? id : '',
    description: typeof description === 'string' ? description : null,
    amount: typeof amount === 'string' ? amount : null,
    startedMs: typeof started === 'string' ? Date.parse(started) : null,
  };
}
