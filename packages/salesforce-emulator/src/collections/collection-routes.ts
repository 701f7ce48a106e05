import * as z from 'zod';

import type { EmulatorParts } from '../emulator-parts.ts';
import { ApiFault, notFound } from '../http/api-fault.ts';
import { readJsonBody } from '../http/json-body.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { Call, Route } from '../http/router.ts';
import { UnverifiedFault } from '../http/unverified-errors.ts';
import { SoqlFault } from '../org/org.ts';
import { toLongId } from '../org/record-id.ts';
import { recordsJson } from '../rest/record-json.ts';
import { type SaveRecordsOptions, saveRecords } from './collection-records.ts';

const COLLECTION = '/services/data/:version/composite/sobjects';
const SINCE = 42;
const MOST_RECORDS = 200;

const recordsBody = z.strictObject({
  allOrNone: z.boolean().default(false),
  records: z.array(z.looseObject({ attributes: z.looseObject({ type: z.string() }).optional() })),
});

const retrieveBody = z.strictObject({ ids: z.array(z.string()), fields: z.array(z.string()) });

/** Up to 200 records in one call: insert, update, upsert, delete, retrieve. */
export function collectionRoutes(parts: EmulatorParts): readonly Route[] {
  const route = (method: string, path: string, handle: Route['handle']): Route => {
    return { method, path, since: SINCE, handle };
  };
  return [
    route('POST', COLLECTION, (call) => saveBody(parts, call, { operation: 'insert' })),
    route('PATCH', COLLECTION, (call) => saveBody(parts, call, { operation: 'update' })),
    route('PATCH', `${COLLECTION}/:object/:field`, (call) => {
      const { object = '', field = '' } = call.params;
      requireKey(parts, object, field);
      return saveBody(parts, call, { operation: 'upsert', externalIdFieldName: field }, object);
    }),
    route('DELETE', COLLECTION, (call) => deleteRecords(parts, call)),
    route('GET', `${COLLECTION}/:object`, (call) => {
      const { query } = call.request;
      return retrieve(parts, call, { ids: listOf(query, 'ids'), fields: listOf(query, 'fields') });
    }),
    route('POST', `${COLLECTION}/:object`, async (call) => {
      return retrieve(parts, call, await readJsonBody(call.request, retrieveBody));
    }),
  ];
}

async function saveBody(
  { org, clock, options }: EmulatorParts,
  { request }: Call,
  what: Pick<SaveRecordsOptions, 'operation' | 'externalIdFieldName'>,
  objectName?: string,
): Promise<Reply> {
  const { records, allOrNone } = await readJsonBody(request, recordsBody);
  requireSize(records);
  const owned = records.map((record) => {
    return { object: org.object(objectName ?? record.attributes?.type ?? ''), record };
  });
  const settings = options.ingest;
  return jsonReply([...saveRecords(owned, { org, settings, ...what, allOrNone, nowMs: clock.now() })]);
}

function deleteRecords({ org, clock, options }: EmulatorParts, { request }: Call): Reply {
  const ids = listOf(request.query, 'ids');
  requireSize(ids);
  const owned = ids.map((Id) => {
    return { object: org.objects.find(({ keyPrefix }) => Id.startsWith(keyPrefix)), record: { Id } };
  });
  const allOrNone = request.query.get('allOrNone') === 'true';
  const what = { operation: 'delete', allOrNone, nowMs: clock.now() } as const;
  return jsonReply([...saveRecords(owned, { org, settings: options.ingest, ...what })]);
}

/** Records in the order of the ids, null where there is none. */
function retrieve(
  { org, clock }: EmulatorParts,
  { params, version }: Call,
  { ids, fields }: { readonly ids: readonly string[]; readonly fields: readonly string[] },
): Reply {
  const object = org.object(params['object'] ?? '');
  if (object === undefined) throw notFound();
  requireSize(ids);
  const wanted = ids.map((id) => toLongId(id));
  const known = [...new Set(wanted)].flatMap((id) => (id === undefined ? [] : [`'${id}'`]));
  if (known.length === 0) return jsonReply(ids.map(() => null));
  const names = fields.filter((name) => name.toLowerCase() !== 'id');
  const soql = `SELECT ${['Id', ...names].join(', ')} FROM ${object.name} WHERE Id IN (${known.join(', ')})`;
  try {
    using result = org.query(soql, { includeDeleted: false, api: 'rest', nowMs: clock.now(), orderSeed: 1 });
    const found = new Map<unknown, object>();
    for (const record of recordsJson(result, { offset: 0, limit: MOST_RECORDS, version }))
      found.set(record['Id'], record);
    return jsonReply(wanted.map((id) => found.get(id) ?? null));
  } catch (error) {
    throw error instanceof SoqlFault ? new ApiFault(400, error.errorCode, error.message) : error;
  }
}

function requireKey({ org }: EmulatorParts, objectName: string, fieldName: string): void {
  const object = org.object(objectName);
  if (object === undefined) throw notFound();
  const wanted = fieldName.toLowerCase();
  const field = object.fields.find(({ name, hidden }) => !hidden && name.toLowerCase() === wanted);
  if (field?.externalId === true || field?.idLookup === true) return;
  const message = `Provided external ID field does not exist or is not accessible: ${fieldName}`;
  throw new ApiFault(404, 'NOT_FOUND', message);
}

/** @throws {ApiFault} 400. */
function requireSize({ length }: readonly unknown[]): void {
  if (length === 0) throw new ApiFault(400, 'REQUIRED_FIELD_MISSING', 'At least 1 record is required');
  if (length > MOST_RECORDS) throw new UnverifiedFault('tooManyRecords');
}

function listOf(query: URLSearchParams, name: string): readonly string[] {
  return (query.get(name) ?? '').split(',').filter((entry) => entry !== '');
}
