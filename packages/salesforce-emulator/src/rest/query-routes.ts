import type { EmulatorParts } from '../emulator-parts.ts';
import { ApiFault, notFound } from '../http/api-fault.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { Call, Route } from '../http/router.ts';
import { type QueryResult, SoqlFault } from '../org/org.ts';
import { columnMetadata } from './column-metadata.ts';
import { recordsJson } from './record-json.ts';

const LEAST_BATCH_ROWS = 200;
const MOST_BATCH_ROWS = 2000;

/** SOQL over REST: a first page, and the pages after it by locator. */
export function queryRoutes(parts: EmulatorParts): readonly Route[] {
  const { cursors } = parts;
  const first = (call: Call, includeDeleted: boolean): Reply => {
    const result = runQuery(parts, call.request.query.get('q'), includeDeleted);
    if (call.request.query.get('columns') === 'true') {
      using described = result;
      return jsonReply(columnMetadata(described));
    }
    return page(parts, call, { result, offset: 0 });
  };
  const next = (call: Call): Reply => {
    const { cursor, offset } = cursors.find(call.params['locator'] ?? '');
    return page(parts, call, { result: cursor.result, offset, cursorId: cursor.id });
  };
  return ['query', 'queryAll'].flatMap((name): readonly Route[] => [
    {
      method: 'GET',
      path: `/services/data/:version/${name}`,
      handle: (call) => first(call, name === 'queryAll'),
    },
    { method: 'GET', path: `/services/data/:version/${name}/:locator`, handle: next },
  ]);
}

/** One record with all its fields. */
export function recordRoute(parts: EmulatorParts): Route {
  return {
    method: 'GET',
    path: '/services/data/:version/sobjects/:object/:id',
    handle: ({ params, version }) => {
      const id = params['id'] ?? '';
      const object = parts.org.object(params['object'] ?? '');
      if (object?.queryable !== true || !/^\w{15,18}$/.test(id)) throw notFound();
      const soql = `SELECT FIELDS(ALL) FROM ${object.name} WHERE Id = '${id}' LIMIT 1`;
      using result = runQuery(parts, soql, false);
      const [record] = recordsJson(result, { offset: 0, limit: 1, version });
      if (record === undefined) throw notFound();
      return jsonReply(record);
    },
  };
}

/** @throws {ApiFault} 400 with the fault of the statement. */
function runQuery({ org, clock }: EmulatorParts, soql: string | null, includeDeleted: boolean): QueryResult {
  if (soql === null || soql.trim() === '')
    throw new ApiFault(400, 'MALFORMED_QUERY', 'A query string has to be specified');
  try {
    return org.query(soql, { includeDeleted, api: 'rest', nowMs: clock.now(), orderSeed: 1 });
  } catch (error) {
    throw error instanceof SoqlFault ? new ApiFault(400, error.errorCode, error.message) : error;
  }
}

function page(
  { cursors, options }: EmulatorParts,
  { request, version }: Call,
  { result, offset, cursorId }: { readonly result: QueryResult; readonly offset: number; readonly cursorId?: string },
): Reply {
  const asked = Number(/batchSize=(\d+)/.exec(String(request.headers['sforce-query-options'] ?? ''))?.[1] ?? NaN);
  const clamped = Math.min(Math.max(asked, LEAST_BATCH_ROWS), MOST_BATCH_ROWS);
  const limit = Number.isNaN(asked) ? options.query.batchRows : Math.min(clamped, options.query.batchRows);
  const records = [...recordsJson(result, { offset, limit, version })];
  const end = offset + limit;
  const totalSize = result.count ?? result.totalRows;
  if (end < result.totalRows) {
    const id = cursorId ?? cursors.open(result).id;
    const nextRecordsUrl = `/services/data/v${version}/query/${id}-${end}`;
    return jsonReply({ totalSize, done: false, nextRecordsUrl, records });
  }
  // A cursor's pages can be read again until it expires.
  if (cursorId === undefined) result[Symbol.dispose]();
  return jsonReply({ totalSize, done: true, records });
}
