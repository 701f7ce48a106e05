import { MAX_SOQL_CHARACTERS } from '../limits.ts';
import { parseConditions, parseExpression } from './parse-condition.ts';
import { parseLiteral } from './parse-literal.ts';
import type { QueryProblem } from './query-problem.ts';
import type { ClauseNode, ExpressionNode, NameNode, QueryNode, SelectNode } from './soql-ast.ts';
import { SoqlReader, SyntaxFault } from './soql-reader.ts';

/** Words that end a list and so name nothing. */
const CLAUSE_WORDS = new Set(
  `SELECT FROM USING WHERE WITH GROUP HAVING ORDER LIMIT OFFSET FOR UPDATE ALL
  AND OR NOT IN LIKE INCLUDES EXCLUDES ASC DESC NULLS`.split(/\s+/),
);

/** A field may have that name, too. */
const TYPE_OF = /TYPEOF\s+[\w.]+\s+WHEN(?!\w)/iy;
const UNSIGNED = /\d+(?![\w.])/y;
/** Anything that may stand in a WITH clause. */
const WITH_TOKEN = /[A-Za-z_]\w*|'(?:[^'\\]|\\.)*'|[\d(),.=]/sy;

export type ParsedSoql =
  | { readonly query: QueryNode; readonly problem: undefined }
  /** `clauses` are those of the query that were seen before the problem. */
  | { readonly query: undefined; readonly problem: QueryProblem; readonly clauses: readonly ClauseNode[] };

/**
 * Reads one SOQL query, with the place of every name in it.
 *
 * It takes all of the language, also what a query job refuses, so that a refusal can name it. Where versions of the
 * language differ, or a clause has no bearing on columns, it is lenient: the org has the last word.
 *
 * SOQL and SOSL Reference, "SOQL SELECT Syntax", read 2026-11.
 */
export function parseSoql(text: string): ParsedSoql {
  const clauses: ClauseNode[] = [];
  try {
    return { query: parseWhole(text, clauses), problem: undefined };
  } catch (error) {
    if (error instanceof SyntaxFault) return { query: undefined, problem: error.problem, clauses };
    throw error;
  }
}

function parseWhole(text: string, clauses: ClauseNode[]): QueryNode {
  const reader = new SoqlReader(text);
  if (text.length > MAX_SOQL_CHARACTERS) {
    const message = `the query has ${text.length} characters; Salesforce reads at most ${MAX_SOQL_CHARACTERS}`;
    throw reader.fault(message, { hint: 'Select fewer fields, or filter by fewer values.', offset: 0 });
  }
  if (reader.atEnd) throw reader.fault('the query is empty', { hint: 'Write SELECT fields FROM object.', offset: 0 });
  const query = parseQuery(reader, clauses);
  if (!reader.atEnd) throw reader.expected('the end of the query');
  return query;
}

function parseQuery(reader: SoqlReader, clauses: ClauseNode[] = []): QueryNode {
  reader.expectWords('SELECT');
  const select = [parseSelectItem(reader)];
  while (reader.takeSymbol(',')) select.push(parseSelectItem(reader));
  reader.expectWords('FROM');
  const { from, aliases } = parseFrom(reader);
  return { select, from, aliases, clauses, ...parseClauses(reader, clauses) };
}

function parseSelectItem(reader: SoqlReader): SelectNode {
  const { offset } = reader;
  if (reader.atSymbol('*')) {
    const hint = 'Use FIELDS(STANDARD), or give the object instead of a query to read every field.';
    throw reader.fault('SOQL knows no `*`', { hint });
  }
  if (reader.takeSymbol('(')) {
    reader.nested(() => parseQuery(reader));
    reader.expectSymbol(')');
    return { kind: 'subquery', offset };
  }
  if (reader.looksAt(TYPE_OF)) {
    parseTypeOf(reader);
    return { kind: 'typeof', offset };
  }
  const word = reader.peekWord();
  if (word !== undefined && /^(?:FROM|SELECT)$/.test(word)) throw reader.expected('a field');
  return { kind: 'expression', expression: parseExpression(reader), alias: takeAlias(reader) };
}

/** `TYPEOF What WHEN Account THEN Phone, Name WHEN ... ELSE Name END`: read, since all that follows is refusal. */
function parseTypeOf(reader: SoqlReader): void {
  reader.expectWords('TYPEOF');
  parseExpression(reader);
  do {
    reader.expectWords('WHEN');
    reader.takeName('an object');
    reader.expectWords('THEN');
    parseExpressions(reader);
  } while (reader.atWords('WHEN'));
  if (reader.takeWords('ELSE')) parseExpressions(reader);
  reader.expectWords('END');
}

function parseExpressions(reader: SoqlReader): readonly ExpressionNode[] {
  const expressions = [parseExpression(reader)];
  while (reader.takeSymbol(',')) expressions.push(parseExpression(reader));
  return expressions;
}

/** `FROM Contact c, c.Account a`: the object, and names for it and for its parents. */
function parseFrom(reader: SoqlReader): Pick<QueryNode, 'from' | 'aliases'> {
  if (isClauseWord(reader)) throw reader.expected('an object');
  const from = reader.takeName('an object');
  const aliases = new Map<string, readonly string[]>();
  const alias = takeAlias(reader);
  if (alias !== undefined) aliases.set(alias.text.toLowerCase(), []);
  while (reader.takeSymbol(',')) {
    const { offset } = reader;
    const parent = parseExpression(reader);
    const parentAlias = takeAlias(reader);
    const base = parent.kind === 'field' ? aliases.get(parent.path[0]?.toLowerCase() ?? '') : undefined;
    if (parent.kind !== 'field' || base === undefined || parentAlias === undefined) {
      const hint = 'Behind the object, FROM takes paths that begin with its alias, each with an alias of its own.';
      throw reader.fault('this names no parent of the object', { hint, offset });
    }
    aliases.set(parentAlias.text.toLowerCase(), [...base, ...parent.path.slice(1)]);
  }
  return { from, aliases };
}

function takeAlias(reader: SoqlReader): NameNode | undefined {
  const isMarked = reader.takeWords('AS');
  return !isMarked && (reader.peekWord() === undefined || isClauseWord(reader))
    ? undefined
    : reader.takeName('an alias');
}

function isClauseWord(reader: SoqlReader): boolean {
  return CLAUSE_WORDS.has(reader.peekWord() ?? '');
}

function parseClauses(reader: SoqlReader, clauses: ClauseNode[]): Pick<QueryNode, 'conditions' | 'orderBy' | 'limit'> {
  const take = (...words: readonly string[]): boolean => {
    const { offset } = reader;
    const isTaken = reader.takeWords(...words);
    if (isTaken) clauses.push({ name: words.join(' '), offset });
    return isTaken;
  };
  const subquery = (nested: SoqlReader): QueryNode => parseQuery(nested);

  if (take('USING', 'SCOPE')) reader.takeName('a scope');
  const conditions = take('WHERE') ? parseConditions(reader, subquery) : [];
  parseWith(reader, clauses);
  if (take('GROUP', 'BY')) parseExpressions(reader);
  if (take('HAVING')) parseConditions(reader, subquery);
  const orderBy = take('ORDER', 'BY') ? parseOrderBy(reader) : [];
  const limit = take('LIMIT') ? parseCount(reader) : undefined;
  if (take('OFFSET')) parseCount(reader);
  while (take('FOR', 'VIEW') || take('FOR', 'REFERENCE') || take('FOR', 'UPDATE')) reader.takeSymbol(',');
  while (take('UPDATE', 'TRACKING') || take('UPDATE', 'VIEWSTAT')) reader.takeSymbol(',');
  take('ALL', 'ROWS');
  return { conditions, orderBy, limit };
}

/** Only its first words matter: `WITH DATA CATEGORY`, `WITH SECURITY_ENFORCED`, `WITH Network`. */
function parseWith(reader: SoqlReader, clauses: ClauseNode[]): void {
  const { offset } = reader;
  if (!reader.takeWords('WITH')) return;
  const name = reader.takeWords('DATA', 'CATEGORY') ? 'DATA CATEGORY' : reader.takeName('a word').text.toUpperCase();
  clauses.push({ name: `WITH ${name}`, offset });
  while (!['GROUP', 'HAVING', 'ORDER', 'LIMIT', 'OFFSET', 'FOR', 'UPDATE', 'ALL'].includes(reader.peekWord() ?? '')) {
    if (reader.take(WITH_TOKEN) === undefined) return;
  }
}

function parseOrderBy(reader: SoqlReader): readonly ExpressionNode[] {
  const orderBy: ExpressionNode[] = [];
  do {
    orderBy.push(parseExpression(reader));
    if (!reader.takeWords('ASC')) reader.takeWords('DESC');
    if (!reader.takeWords('NULLS', 'FIRST')) reader.takeWords('NULLS', 'LAST');
  } while (reader.takeSymbol(','));
  return orderBy;
}

function parseCount(reader: SoqlReader): number {
  if (reader.atSymbol(':')) parseLiteral(reader);
  const text = reader.take(UNSIGNED);
  if (text === undefined) throw reader.expected('a number of rows');
  return Number(text);
}
