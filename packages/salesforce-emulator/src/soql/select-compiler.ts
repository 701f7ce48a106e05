import { isCompound } from '../org/field-capabilities.ts';
import { type ResultColumn, SoqlFault } from '../org/org.ts';
import { refuseFieldInBulk } from './bulk-refusal.ts';
import { compileExpression, type Expression } from './expression-compiler.ts';
import type { QueryScope } from './query-scope.ts';
import type { AliasNode, PathNode, QueryNode, SelectNode } from './soql-ast.ts';

const MOST_ROWS_OF_ALL_FIELDS = 200;

export interface SelectedColumn {
  readonly result: ResultColumn;
  readonly expression: Expression;
}

/** The columns of a query that is not grouped. */
export function compileSelect(scope: QueryScope, query: QueryNode, api: 'rest' | 'bulk'): readonly SelectedColumn[] {
  const columns = query.select.flatMap((item) => {
    if (item.kind === 'fields') return fieldsColumns(scope, item, query, api);
    if (item.kind === 'expression')
      return [selectedColumn(scope, compileExpression(scope, item.expression), item.alias)];
    const what = item.kind === 'typeof' ? 'TYPEOF' : 'a child subquery';
    throw scope.fault(item.offset, 'MALFORMED_QUERY', `${what} is not supported by this emulator`);
  });
  if (api === 'bulk') for (const { expression } of columns) refuseFieldInBulk(expression);
  refuseDuplicates(columns.map(({ result }) => result.header));
  return columns;
}

/** @throws {SoqlFault} `INVALID_FIELD` when a name occurs twice, ignoring case. */
export function refuseDuplicates(headers: readonly string[]): void {
  const seen = new Set<string>();
  for (const header of headers) {
    const key = header.toLowerCase();
    if (seen.has(key)) throw new SoqlFault('INVALID_FIELD', `duplicate field selected: ${header}`);
    seen.add(key);
  }
}

function selectedColumn(scope: QueryScope, expression: Expression, alias: AliasNode | undefined): SelectedColumn {
  const { resolved, field, type, functions, offset } = expression;
  if (resolved === undefined || functions.some((name) => !SELECTABLE.has(name))) {
    throw scope.fault(offset, 'MALFORMED_QUERY', `Field must be grouped or aggregated: ${functions[0] ?? field.name}`);
  }
  if (alias !== undefined && functions.length === 0) {
    throw scope.fault(alias.offset, 'MALFORMED_QUERY', 'only aggregate expressions use field aliasing');
  }
  const path = alias === undefined ? resolved.path : [alias.name];
  return { result: { header: path.join('.'), path, field, type }, expression };
}

const SELECTABLE = new Set(['TOLABEL', 'FORMAT', 'CONVERTCURRENCY']);

/** `FIELDS(STANDARD)`, and with a bound on rows `FIELDS(CUSTOM)` and `FIELDS(ALL)`. */
function fieldsColumns(
  scope: QueryScope,
  { group, offset }: Extract<SelectNode, { kind: 'fields' }>,
  { limit, groupBy }: QueryNode,
  api: 'rest' | 'bulk',
): readonly SelectedColumn[] {
  if (!['ALL', 'STANDARD', 'CUSTOM'].includes(group) || groupBy.length > 0) {
    throw scope.fault(offset, 'MALFORMED_QUERY', `FIELDS(${group}) is not allowed here`);
  }
  if (group !== 'STANDARD' && (limit === undefined || limit > MOST_ROWS_OF_ALL_FIELDS)) {
    const message = `The SOQL FIELDS function must have a LIMIT of at most ${MOST_ROWS_OF_ALL_FIELDS}`;
    throw new SoqlFault('MALFORMED_QUERY', message);
  }
  return scope.root.object.fields
    .filter((field) => !field.hidden && (group === 'ALL' || field.custom === (group === 'CUSTOM')))
    .filter((field) => api === 'rest' || (!isCompound(field) && field.type !== 'base64'))
    .map(({ name }) => {
      const node: PathNode = { kind: 'path', parts: [name], offset };
      return selectedColumn(scope, compileExpression(scope, node), undefined);
    });
}
