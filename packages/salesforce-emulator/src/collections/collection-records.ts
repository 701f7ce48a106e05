import type { IngestSettings } from '../bulk-ingest/ingest-options.ts';
import type { IngestOperation } from '../bulk-ingest/ingest-request.ts';
import { RowFault, type RowRejection } from '../bulk-ingest/row-fault.ts';
import { RowReader, type RowReading } from '../bulk-ingest/row-reader.ts';
import { RowSaver } from '../bulk-ingest/row-saver.ts';
import { fieldNamed, type UploadColumn } from '../bulk-ingest/upload-header.ts';
import type { ObjectDefinition, Org } from '../org/org.ts';

/** Stands for null among the texts of a record, where `#N/A` is a text like others. */
const NULL_TEXT = '\u0000null';

/** A record as a request brings it: values by name, `attributes` among them. */
export type JsonRecord = Readonly<Record<string, unknown>>;

export interface RecordResult {
  readonly id?: string;
  readonly success: boolean;
  readonly errors: readonly Required<RowRejection>[];
  /** Of an upsert. */
  readonly created?: boolean;
}

export interface SaveRecordsOptions {
  readonly org: Org;
  readonly settings: IngestSettings;
  readonly operation: IngestOperation;
  readonly externalIdFieldName?: string;
  readonly allOrNone: boolean;
  readonly nowMs: number;
}

interface OwnedRecord {
  /** Undefined when there is no such object. */
  readonly object: ObjectDefinition | undefined;
  readonly record: JsonRecord;
}

/** Thrown to take all records back. */
class AllOrNone extends Error {}

/** Saves records one by one: each on its own, or all of them or none. The results are in the order of the records. */
export function saveRecords(records: readonly OwnedRecord[], options: SaveRecordsOptions): readonly RecordResult[] {
  let results: readonly RecordResult[] = [];
  try {
    return options.org.transaction(() => {
      results = records.map((record) => saveRecord(record, options));
      if (options.allOrNone && results.some(({ success }) => !success)) throw new AllOrNone();
      return results;
    });
  } catch (error) {
    if (!(error instanceof AllOrNone)) throw error;
    return results.map((result) => (result.success ? failure(ROLLED_BACK) : result));
  }
}

const ROLLED_BACK: RowRejection = {
  statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
};

function saveRecord({ object, record }: OwnedRecord, options: SaveRecordsOptions): RecordResult {
  const { org, settings, operation, externalIdFieldName, nowMs } = options;
  if (object === undefined) {
    return failure({ statusCode: 'INVALID_TYPE', message: 'sObject type is not supported or not given' });
  }
  const request = { operation, externalIdFieldName };
  try {
    const reading = readRecord(object, record, options);
    if (reading.fault !== undefined) throw reading.fault;
    const saver = new RowSaver({ org, object, request, rowErrors: settings.rowErrors });
    const { id, isCreated } = saver.save(reading, nowMs);
    return { id, success: true, errors: [], ...(operation === 'upsert' ? { created: isCreated } : {}) };
  } catch (error) {
    if (!(error instanceof RowFault)) throw error;
    return failure(error.rejection);
  }
}

/** The values of a record as an upload would bring them: absent ones are left alone, null and empty text are null. */
function readRecord(object: ObjectDefinition, record: JsonRecord, options: SaveRecordsOptions): RowReading {
  const { org, operation, settings } = options;
  const entries = Object.entries(record).filter(([name]) => name !== 'attributes');
  const columns = entries.map(([name]) => columnNamed(name, object));
  const cells = entries.map(([, value]) => (value === null || value === '' ? NULL_TEXT : textOf(value)));
  const reader = new RowReader({
    org,
    object,
    request: { operation },
    columns,
    options: settings,
    nullText: NULL_TEXT,
  });
  return reader.read({ cells, flaw: undefined, lineEnding: 'none' });
}

function columnNamed(header: string, object: ObjectDefinition): UploadColumn {
  const field = fieldNamed(object, header);
  if (field !== undefined) return { kind: 'field', header, field };
  const message = `No such column '${header}' on sobject of type ${object.name}`;
  throw RowFault.of({ statusCode: 'INVALID_FIELD', message, fields: [header] });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function failure({ statusCode, message, fields = [] }: RowRejection): RecordResult {
  return { success: false, errors: [{ statusCode, message, fields }] };
}
