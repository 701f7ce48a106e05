import { type QueryOptions, type QueryResult, SoqlFault } from '../org/org.ts';
import type { RecordStore } from '../org/record-store.ts';
import { refuseClausesInBulk, refuseObjectInBulk } from './bulk-refusal.ts';
import { cellReader } from './cell-reader.ts';
import { compileCondition } from './condition-compiler.ts';
import { semiJoinLimits } from './condition-context.ts';
import { isAggregateCall } from './expression-compiler.ts';
import { compileGrouping, isGroupedQuery } from './group-compiler.ts';
import { compileOrder, shuffleKey } from './order-compiler.ts';
import { QueryScope } from './query-scope.ts';
import { type SnapshotPlan, takeSnapshot } from './query-snapshot.ts';
import { compileSelect, type SelectedColumn } from './select-compiler.ts';
import type { ExpressionNode, QueryNode } from './soql-ast.ts';
import { parseSoql } from './soql-parser.ts';
import { joinConditions, type Sql, sql } from './sql-fragment.ts';

export interface RunOptions extends QueryOptions {
  readonly userId: string;
}

const MOST_OFFSET_ROWS = 2000;

/** @throws {SoqlFault} when the statement is not accepted. */
export function runQuery(store: RecordStore, soql: string, options: RunOptions): QueryResult {
  const query = parseSoql(soql);
  if (options.api === 'bulk') refuseClausesInBulk(query);
  if (/__x$/i.test(query.from.name)) {
    throw new SoqlFault('EXTERNAL_OBJECT_UNSUPPORTED_EXCEPTION', `external object ${query.from.name} is not supported`);
  }
  const scope = new QueryScope(soql, store, query, 't');
  if (options.api === 'bulk') refuseObjectInBulk(scope.root.object);
  if (query.offset !== undefined && query.offset.rows > MOST_OFFSET_ROWS) {
    const message = `Maximum SOQL offset allowed is ${MOST_OFFSET_ROWS}`;
    throw scope.fault(query.offset.offset, 'NUMBER_OUTSIDE_VALID_RANGE', message);
  }
  if (isCount(query)) return countResult(scope, query, options);
  return isGroupedQuery(query) ? groupedResult(scope, query, options) : recordResult(scope, query, options);
}

function recordResult(scope: QueryScope, query: QueryNode, options: RunOptions): QueryResult {
  const columns = compileSelect(scope, query, options.api);
  const where = compileWhere(scope, query, options);
  const order = compileOrder(scope, query, isRecordValue, shuffleKey('t0._row', options.orderSeed));
  const parents = columns.flatMap(({ expression }) => {
    const path = expression.resolved?.node.path ?? [];
    return path.map((_, index) => path.slice(0, index + 1));
  });
  const relationships = [...new Map(parents.map((path) => [path.join('.'), path])).values()];
  const nodes = [[], ...relationships].map((path) => {
    const node = scope.parent(path, 0);
    return { node, idSql: scope.column(node, 'Id') };
  });
  const rest = sql(`FROM ${scope.fromSql()} WHERE ${where.text} ORDER BY ${order}${limitSql(query)}`, ...where.params);
  return snapshotResult(scope, columns, { nodes, rest }, { isAggregate: false, relationships });
}

function groupedResult(scope: QueryScope, query: QueryNode, options: RunOptions): QueryResult {
  const { columns, groupBy, isGrouped } = compileGrouping(scope, query);
  const where = compileWhere(scope, query, options);
  const having =
    query.having === undefined
      ? sql('1')
      : compileCondition(query.having, { ...conditionContext(scope, options), isAllowed: isGrouped });
  const order = compileOrder(scope, query, isGrouped, shuffleKey('MIN(t0._row)', options.orderSeed));
  const groups = groupBy.length > 0 ? ` GROUP BY ${groupBy.join(', ')}` : '';
  const rest = sql(
    `FROM ${scope.fromSql()} WHERE ${where.text}${groups} HAVING ${having.text} ORDER BY ${order}${limitSql(query)}`,
    ...where.params,
    ...having.params,
  );
  return snapshotResult(scope, columns, { nodes: [], rest }, { isAggregate: true, relationships: [] });
}

function countResult(scope: QueryScope, query: QueryNode, options: RunOptions): QueryResult {
  const where = compileWhere(scope, query, options);
  const rows = `SELECT 1 FROM ${scope.fromSql()} WHERE ${where.text}${limitSql(query)}`;
  const row = scope.store.database.prepare(`SELECT COUNT(*) AS n FROM (${rows})`).get(...where.params);
  return {
    object: scope.root.object,
    columns: [],
    totalRows: 0,
    count: Number(row?.['n']),
    isAggregate: false,
    relationships: [],
    rows: () => [],
    identities: () => [],
    [Symbol.dispose]: () => {},
  };
}

function snapshotResult(
  scope: QueryScope,
  columns: readonly SelectedColumn[],
  plan: Pick<SnapshotPlan, 'nodes' | 'rest'>,
  facts: Pick<QueryResult, 'isAggregate' | 'relationships'>,
): QueryResult {
  const readsBigInts = columns.some(({ expression }) => expression.type === 'long' || expression.field.type === 'long');
  const readers = columns.map(({ expression }) => cellReader(scope, expression, readsBigInts));
  const snapshot = takeSnapshot(scope.store.database, { ...plan, readers, readsBigInts });
  return { object: scope.root.object, columns: columns.map(({ result }) => result), ...facts, ...snapshot };
}

/** `SELECT COUNT() FROM X`, the form that counts rows instead of returning any. */
function isCount({ select, groupBy, having }: QueryNode): boolean {
  const [item] = select;
  if (select.length !== 1 || groupBy.length > 0 || having !== undefined || item?.kind !== 'expression') return false;
  const { expression, alias } = item;
  return (
    alias === undefined && expression.kind === 'call' && expression.name === 'COUNT' && expression.args.length === 0
  );
}

function isRecordValue(): boolean {
  return true;
}

function compileWhere(scope: QueryScope, query: QueryNode, options: RunOptions): Sql {
  const terms: Sql[] = [];
  if (!options.includeDeleted) terms.push(sql('t0."IsDeleted" = 0'));
  if (query.scope !== undefined) terms.push(...scopeCondition(scope, query.scope, options));
  if (query.where !== undefined) {
    const isAllowed = (node: ExpressionNode): boolean => !isAggregateCall(node);
    terms.push(compileCondition(query.where, { ...conditionContext(scope, options), isAllowed }));
  }
  return joinConditions('AND', terms);
}

function conditionContext(scope: QueryScope, { nowMs, includeDeleted }: RunOptions) {
  return { scope, nowMs, includeDeleted, semiJoins: semiJoinLimits() };
}

function scopeCondition(
  scope: QueryScope,
  { name, offset }: NonNullable<QueryNode['scope']>,
  { userId }: RunOptions,
): readonly Sql[] {
  const lowerName = name.toLowerCase();
  if (lowerName === 'everything' || lowerName === 'scopingrule') return [];
  const hasOwner = scope.root.object.fields.some((field) => field.name === 'OwnerId');
  if (lowerName === 'mine' && hasOwner) return [sql('t0."OwnerId" = ?', userId)];
  throw scope.fault(offset, 'MALFORMED_QUERY', `scope ${name} is not supported for ${scope.root.object.name}`);
}

function limitSql({ limit, offset }: QueryNode): string {
  if (limit === undefined && offset === undefined) return '';
  return ` LIMIT ${limit ?? -1} OFFSET ${offset?.rows ?? 0}`;
}
