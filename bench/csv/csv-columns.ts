import { decimalType } from '@sluice/core/decimal';
import { Bool, type DataType, DateDay, Field, Int32, Schema, TimestampMillisecond, Utf8 } from 'apache-arrow';

interface BenchColumn {
  readonly type: DataType;
  /** The same to DuckDB. */
  readonly sql: string;
}

const text: BenchColumn = { type: new Utf8(), sql: 'VARCHAR' };
const instant: BenchColumn = { type: new TimestampMillisecond('UTC'), sql: 'TIMESTAMP' };
const int: BenchColumn = { type: new Int32(), sql: 'INTEGER' };

function decimal(precision: number, scale: number): BenchColumn {
  return { type: decimalType(precision, scale), sql: `DECIMAL(${precision}, ${scale})` };
}

/** The columns of the emulator's benchmark object, in the order of its query, as a reader of the file has to type them. */
export const BENCH_COLUMNS: Readonly<Record<string, BenchColumn>> = {
  Id: text,
  Name: text,
  Account_Name__c: text,
  Description__c: text,
  Email__c: text,
  Phone__c: text,
  Status__c: text,
  Region__c: text,
  Segment__c: text,
  Amount__c: decimal(18, 2),
  List_Price__c: decimal(16, 4),
  Discount__c: decimal(5, 2),
  Latitude__c: decimal(18, 15),
  Longitude__c: decimal(18, 15),
  Quantity__c: int,
  Rank__c: int,
  Is_Active__c: { type: new Bool(), sql: 'BOOLEAN' },
  Close_Date__c: { type: new DateDay(), sql: 'DATE' },
  Started_At__c: instant,
  SystemModstamp: instant,
};

export const benchSchema = new Schema(
  Object.entries(BENCH_COLUMNS).map(([name, { type }]) => new Field(name, type, true)),
);
