import { SoqlFault } from '../org/org.ts';
import { parseCondition, parseExpression } from './condition-parser.ts';
import type { AliasNode, ConditionNode, ExpressionNode, OrderNode, QueryNode, SelectNode } from './soql-ast.ts';
import { TokenReader } from './token-reader.ts';

const LONGEST_STATEMENT_CHARS = 100_000;

/** Words that end a FROM or SELECT item, and so cannot be its alias. */
const CLAUSE_WORDS = new Set([
  'FROM',
  'USING',
  'WHERE',
  'WITH',
  'GROUP',
  'HAVING',
  'ORDER',
  'LIMIT',
  'OFFSET',
  'FOR',
  'UPDATE',
  'ALL',
]);

const SECURITY_MODES = ['SECURITY_ENFORCED', 'USER_MODE', 'SYSTEM_MODE'];

/** @throws {SoqlFault} `MALFORMED_QUERY`, with the place, when the statement does not follow the grammar. */
export function parseSoql(source: string): QueryNode {
  if (source.length > LONGEST_STATEMENT_CHARS) {
    throw new SoqlFault('MALFORMED_QUERY', 'SOQL statements cannot be longer than 100000 characters.');
  }
  const reader = new TokenReader(source);
  const query = parseQuery(reader);
  if (reader.at('ALL', 'ROWS')) throw reader.malformed(reader.peek().offset, 'ALL ROWS not allowed in this context');
  if (reader.peek().kind !== 'end') throw reader.unexpected();
  return query;
}

function parseQuery(reader: TokenReader): QueryNode {
  reader.expect('SELECT');
  const select = [parseSelectItem(reader)];
  while (reader.take(',')) select.push(parseSelectItem(reader));
  reader.expect('FROM');
  const { from, aliases } = parseFrom(reader);
  const scope = reader.take('USING', 'SCOPE') ? nameOf(reader) : undefined;
  const where = reader.take('WHERE') ? parseCondition(reader, parseQuery) : undefined;
  parseWith(reader);
  const grouping = parseGroupBy(reader);
  const orderBy = reader.take('ORDER', 'BY') ? parseOrderBy(reader) : [];
  const limit = reader.take('LIMIT') ? reader.count() : undefined;
  const offsetAt = reader.peek().offset;
  const offset = reader.take('OFFSET') ? { rows: reader.count(), offset: offsetAt } : undefined;
  parseTracking(reader);
  return { select, from, aliases, scope, where, ...grouping, orderBy, limit, offset };
}

function parseSelectItem(reader: TokenReader): SelectNode {
  const { offset } = reader.peek();
  if (reader.take('(')) {
    const query = reader.nested(() => parseQuery(reader));
    reader.expect(')');
    return { kind: 'subquery', query, offset };
  }
  if (reader.at('TYPEOF') && reader.peek(1).kind === 'word' && !reader.at('TYPEOF', 'FROM')) {
    parseTypeOf(reader);
    return { kind: 'typeof', offset };
  }
  if (reader.take('FIELDS', '(')) {
    const group = reader.word().text.toUpperCase();
    reader.expect(')');
    return { kind: 'fields', group, offset };
  }
  if (CLAUSE_WORDS.has(reader.peek().text.toUpperCase()) && reader.peek(1).text !== '.') throw reader.unexpected();
  const expression = parseExpression(reader);
  return { kind: 'expression', expression, alias: takeAlias(reader) };
}

/** `TYPEOF What WHEN Account THEN Phone, Name WHEN ... ELSE Name END`: read, since all that follows is refusal. */
function parseTypeOf(reader: TokenReader): void {
  const fieldList = (): void => {
    do parseExpression(reader);
    while (reader.take(','));
  };
  reader.expect('TYPEOF');
  parseExpression(reader);
  do {
    reader.expect('WHEN');
    reader.word();
    reader.expect('THEN');
    fieldList();
  } while (reader.at('WHEN'));
  if (reader.take('ELSE')) fieldList();
  reader.expect('END');
}

/** `FROM Contact c, c.Account a`: the object, and names for it and for its parents. */
function parseFrom(reader: TokenReader): Pick<QueryNode, 'from' | 'aliases'> {
  const from = nameOf(reader);
  const aliases = new Map<string, readonly string[]>();
  const alias = takeAlias(reader);
  if (alias !== undefined) aliases.set(alias.name.toLowerCase(), []);
  while (reader.take(',')) {
    const { offset } = reader.peek();
    const path = parseExpression(reader);
    const parentAlias = takeAlias(reader);
    const root = path.kind === 'path' ? aliases.get(path.parts[0]?.toLowerCase() ?? '') : undefined;
    if (path.kind !== 'path' || root === undefined || parentAlias === undefined) {
      throw reader.malformed(
        offset,
        'a further name in FROM is a parent path that begins with an alias, and its alias',
      );
    }
    aliases.set(parentAlias.name.toLowerCase(), [...root, ...path.parts.slice(1)]);
  }
  return { from, aliases };
}

function takeAlias(reader: TokenReader): AliasNode | undefined {
  const { kind, text } = reader.peek();
  if (kind !== 'word' || CLAUSE_WORDS.has(text.toUpperCase())) return undefined;
  reader.take('AS');
  return nameOf(reader);
}

function nameOf(reader: TokenReader): AliasNode {
  const { text, offset } = reader.word();
  return { name: text, offset };
}

/** Security modes change nothing here: every query runs as the user, and what is hidden is unknown. */
function parseWith(reader: TokenReader): void {
  if (!reader.take('WITH')) return;
  if (!SECURITY_MODES.some((mode) => reader.take(mode))) throw reader.unexpected();
}

function parseGroupBy(reader: TokenReader): Pick<QueryNode, 'groupBy' | 'groupingSetsOffset' | 'having'> {
  const groupBy: ExpressionNode[] = [];
  let groupingSetsOffset: number | undefined;
  let having: ConditionNode | undefined;
  if (reader.take('GROUP', 'BY')) {
    if (reader.at('ROLLUP', '(') || reader.at('CUBE', '(')) groupingSetsOffset = reader.peek().offset;
    do groupBy.push(parseExpression(reader));
    while (reader.take(','));
  }
  if (reader.take('HAVING')) having = parseCondition(reader, parseQuery);
  return { groupBy, groupingSetsOffset, having };
}

function parseOrderBy(reader: TokenReader): readonly OrderNode[] {
  const orders: OrderNode[] = [];
  do {
    const expression = parseExpression(reader);
    const descending = reader.take('DESC');
    if (!descending) reader.take('ASC');
    let nullsLast = false;
    if (reader.take('NULLS')) {
      nullsLast = reader.take('LAST');
      if (!nullsLast) reader.expect('FIRST');
    }
    orders.push({ expression, descending, nullsLast });
  } while (reader.take(','));
  return orders;
}

/** `FOR VIEW`, `FOR REFERENCE`, `UPDATE TRACKING`, `UPDATE VIEWSTAT`: recorded by an org, without effect on rows. */
function parseTracking(reader: TokenReader): void {
  while (reader.take('FOR')) {
    if (!reader.take('VIEW') && !reader.take('REFERENCE')) throw reader.unexpected();
    reader.take(',');
  }
  if (!reader.take('UPDATE')) return;
  do if (!reader.take('TRACKING') && !reader.take('VIEWSTAT')) throw reader.unexpected();
  while (reader.take(','));
}
