import { jsonDouble, jsonText, parseJson } from '../http/json-text.ts';
import type { Cell, FieldType, QueryResult, RecordIdentity } from '../org/org.ts';

type JsonRecord = Record<string, unknown>;

/** The rows of a result as REST shows them: parents are nested, numbers keep their fraction. */
export function* recordsJson(
  result: QueryResult,
  { offset, limit, version }: { readonly offset: number; readonly limit: number; readonly version: string },
): Iterable<JsonRecord> {
  const identities = result.identities(offset, limit)[Symbol.iterator]();
  for (const cells of result.rows(offset, limit)) {
    const next: IteratorResult<readonly (RecordIdentity | null)[], unknown> = identities.next();
    yield recordJson(result, cells, next.done === true ? [] : next.value, version);
  }
}

function recordJson(
  { isAggregate, columns, relationships }: QueryResult,
  cells: readonly Cell[],
  [own, ...parents]: readonly (RecordIdentity | null)[],
  version: string,
): JsonRecord {
  const record: JsonRecord = {
    attributes: isAggregate ? { type: 'AggregateResult' } : attributes(own ?? null, version),
  };
  const byPath = new Map<string, JsonRecord | null>([['', record]]);
  // Every prefix of a relationship is one too, but it may come later: shorter paths first.
  const order = relationships.map((path, index) => ({ path, identity: parents[index] ?? null }));
  for (const { path, identity } of order.sort((a, b) => a.path.length - b.path.length)) {
    const parent = identity === null ? null : { attributes: attributes(identity, version) };
    byPath.set(path.join('.'), parent);
    placeIn(byPath, path, parent);
  }
  for (const [index, { path, type }] of columns.entries()) placeIn(byPath, path, jsonCell(cells[index] ?? null, type));
  return record;
}

/** Nothing is placed in a parent that is missing. */
function placeIn(byPath: ReadonlyMap<string, JsonRecord | null>, path: readonly string[], value: unknown): void {
  const owner = byPath.get(path.slice(0, -1).join('.'));
  if (owner !== null && owner !== undefined) owner[path.at(-1) ?? ''] = value;
}

function attributes(identity: RecordIdentity | null, version: string): object | null {
  if (identity === null) return null;
  return { type: identity.object, url: `/services/data/v${version}/sobjects/${identity.object}/${identity.id}` };
}

function jsonCell(cell: Cell, type: FieldType): unknown {
  if (cell === null) return null;
  switch (type) {
    case 'double':
    case 'currency':
    case 'percent':
      // Decimal text of an org of exact decimals is a JSON number as it is.
      return typeof cell === 'number' ? jsonDouble(cell) : jsonText(String(cell));
    case 'long':
      return jsonText(String(cell));
    case 'datetime':
      return String(cell).replace(/Z$/, '+0000');
    case 'address':
    case 'location':
      return parseJson(String(cell));
    default:
      return cell;
  }
}
