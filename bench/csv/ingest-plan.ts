import type { CellForm, IngestPlan, PlannedColumn } from '@sluice/salesforce/ingest-rows';
import { DataType } from 'apache-arrow';

import { benchSchema } from './csv-columns.ts';

/** An insert of the benchmark's rows, as if each column were a field that can be written. */
export const benchIngest: IngestPlan = {
  version: 1,
  object: 'Bench__c',
  operation: 'insert',
  columns: benchSchema.fields.map(({ name, type }): PlannedColumn => ({ name, header: name, ...target(type) })),
  isArranged: false,
  options: {
    ignoreNullValues: false,
    requiredNulls: 'reject',
    duplicateKeys: 'reject',
    inexactNumbers: 'send',
    controlCharacters: 'reject',
    picklists: 'ignore',
  },
};

function target(type: DataType): { readonly form: CellForm } & Partial<PlannedColumn> {
  if (DataType.isDecimal(type)) {
    return { form: 'number', isDouble: true, maxWholeDigits: type.precision - type.scale };
  }
  if (DataType.isInt(type)) return { form: 'number', isWhole: true, maxWholeDigits: 9 };
  if (DataType.isBool(type)) return { form: 'boolean' };
  if (DataType.isDate(type)) return { form: 'date' };
  if (DataType.isTimestamp(type)) return { form: 'datetime' };
  return { form: 'text', maxLength: 32_768 };
}
