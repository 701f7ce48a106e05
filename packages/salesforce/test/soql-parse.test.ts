import { parseQuery } from '@jetstreamapp/soql-parser-js';
import { describe, expect, it } from 'vitest';

import { parseSoql } from '../src/soql/parse-soql.ts';
import { placeOf } from '../src/soql/query-problem.ts';
import type { QueryNode } from '../src/soql/soql-ast.ts';

function parsed(text: string): QueryNode {
  const { query, problem } = parseSoql(text);
  if (query === undefined) throw new Error(problem.message);
  return query;
}

/** Where reading stopped, and why. */
function problemOf(text: string): string {
  const { problem } = parseSoql(text);
  if (problem === undefined) throw new Error('the query was read');
  const { line, column } = placeOf(text, problem.offset ?? -1);
  return `${line}:${column} ${problem.message}`;
}

/** Queries of the reference, and of forums. */
const QUERIES = [
  "SELECT Id, Name FROM Account WHERE Name LIKE 'A%' ORDER BY Name DESC NULLS LAST LIMIT 10",
  "select id, account.owner.name from Contact where (LastName = 'O\\'Neil' or LastName = null) and Email != null",
  "SELECT a.Id FROM Account a WHERE a.Name IN ('x', 'y') AND NOT (a.CreatedDate > 2020-01-01T00:00:00.000Z)",
  'SELECT Id FROM Opportunity WHERE CloseDate = LAST_N_DAYS:30 AND Amount > USD5000 LIMIT 9 OFFSET 5',
  'SELECT Id FROM Account USING SCOPE mine WHERE CreatedDate > 2020-01-01T00:00:00+01:00 AND CloseDate <= 2020-02-29',
  "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE LastName LIKE 'x_') AND Id NOT IN (SELECT AccountId FROM Opportunity)",
  'SELECT toLabel(Status) s, FORMAT(convertCurrency(Amount)) f, FIELDS(STANDARD) FROM Opportunity',
  "SELECT Id FROM W__c WHERE DISTANCE(Loc__c, GEOLOCATION(37.775,-122.418), 'mi') < 20 ORDER BY DISTANCE(Loc__c, GEOLOCATION(37.775,-122.418), 'mi')",
  "SELECT Id FROM A__c WHERE M__c INCLUDES ('a;b', 'c') AND N__c EXCLUDES ('d')",
  'SELECT CALENDAR_YEAR(CreatedDate), COUNT(Id) n FROM Account GROUP BY CALENDAR_YEAR(CreatedDate) HAVING COUNT(Id) > 1 ORDER BY COUNT(Id)',
  'SELECT Id, (SELECT Id FROM Contacts LIMIT 5) FROM Account FOR VIEW',
  'SELECT TYPEOF What WHEN Account THEN Phone, Name WHEN Opportunity THEN Amount ELSE Name END FROM Task',
  'SELECT Id FROM Account WITH SECURITY_ENFORCED LIMIT 1',
  "SELECT Title FROM KAV WHERE PublishStatus = 'online' WITH DATA CATEGORY Geography__c ABOVE usa__c AND P__c AT mac__c ORDER BY Title",
  'SELECT Group.Name, Order, Limit__c FROM GroupMember',
  'SELECT Id FROM Account WHERE CALENDAR_MONTH(convertTimezone(CreatedDate)) = 1 AND Active__c = TRUE',
  'SELECT Id FROM Account WHERE Parent.Parent.Name = null AND X__r.Y__c != false UPDATE TRACKING',
];

/** Valid, and more than the other parser reads. */
const MORE_QUERIES = [
  'SELECT c.Id, a.Name FROM Contact c, c.Account a WHERE a.Name != null',
  'SELECT COUNT(Id) FROM Account GROUP BY ROLLUP(CALENDAR_YEAR(CreatedDate))',
  'SELECT Id FROM Account WHERE Opens__c > 09:30:00Z AND X__c > 1.5e3',
  'SELECT Id FROM Account ALL ROWS',
  '\n\tSELECT\r\n Id\nFROM Account ',
];

describe('reading SOQL', () => {
  it.each(QUERIES)('reads the names that another parser reads: %s', (text) => {
    const mine = parsed(text);
    const theirs = parseQuery(text);

    expect(mine.from.text).toBe(theirs.sObject);
    expect(mine.select).toHaveLength(theirs.fields?.length ?? 0);
    expect(mine.limit).toBe(theirs.limit);
    expect(mine.orderBy).toHaveLength([theirs.orderBy ?? []].flat().length);
    const clauses = new Set(mine.clauses.map(({ name }) => name));
    expect(clauses.has('WHERE')).toBe(theirs.where !== undefined);
    expect(clauses.has('GROUP BY')).toBe(theirs.groupBy !== undefined);
    expect(clauses.has('OFFSET')).toBe(theirs.offset !== undefined);
  });

  it.each(MORE_QUERIES)('reads %j', (text) => {
    expect(parsed(text).from.text).toMatch(/^(?:Account|Contact)$/);
  });

  it('keeps the place of every name, on the way into functions and subqueries too', () => {
    const text = 'SELECT Id, toLabel(Status) FROM Case WHERE Id IN (SELECT Foo FROM Bar) ORDER BY Baz';
    const { select, conditions, orderBy, from } = parsed(text);
    const places = [
      ...select.map((item) => (item.kind === 'expression' ? item.expression.offset : -1)),
      from.offset,
      conditions[0]?.subquery?.from.offset,
      orderBy[0]?.offset,
    ];

    const words = ['Id', 'toLabel', 'Case', 'Bar', 'Baz'];
    expect(places).toEqual(words.map((word) => text.indexOf(word)));
  });

  it('resolves names given in FROM to paths, through each other', () => {
    const { aliases } = parsed('SELECT u.Name FROM Contact c, c.Account a, a.Owner u');

    expect([...aliases]).toEqual([
      ['c', []],
      ['a', ['Account']],
      ['u', ['Account', 'Owner']],
    ]);
  });

  it.each([
    ['', '1:1 the query is empty'],
    [' \n ', '1:1 the query is empty'],
    ['SELECT', '1:7 expected a field, found the end'],
    ['SELECT FROM Account', '1:8 expected a field, found `FROM`'],
    ['SELECT Id FROM', '1:15 expected an object, found the end'],
    ['SELECT Id FROM WHERE Id = 1', '1:16 expected an object, found `WHERE`'],
    ['SELECT Id,\n  Name,\nFROM Account', '3:1 expected a field, found `FROM`'],
    ['SELECT * FROM Account', '1:8 SOQL knows no `*`'],
    ['SELECT Id FROM Account;', '1:23 expected the end of the query, found `;`'],
    ['SELECT Id FROM Account WHERE', '1:29 expected a field, found the end'],
    ['SELECT Id FROM Account WHERE Name', '1:34 expected a comparison, found the end'],
    ["SELECT Id FROM Account WHERE Name = 'x", '1:37 the text that begins here has no closing quote'],
    ['SELECT Id FROM Account WHERE Name = "x"', '1:37 a text in double quotes'],
    ['SELECT Id FROM Account WHERE Name = :name', '1:37 a bind variable, which only Apex can fill'],
    ['SELECT Id FROM Account WHERE Id IN :ids', '1:36 a bind variable, which only Apex can fill'],
    ['SELECT Id FROM Account LIMIT :n', '1:30 a bind variable, which only Apex can fill'],
    ['SELECT Id FROM Account WHERE X > 2020-01-01T00:00:00', '1:34 a date-time without a time zone'],
    ['SELECT Id FROM Account WHERE A = 1 AND B = 2 OR C = 3', '1:46 AND and OR side by side'],
    ['SELECT Id FROM Account WHERE (A = 1', '1:36 expected `)`, found the end'],
    ['SELECT Id FROM Account LIMIT ten', '1:30 expected a number of rows, found `ten`'],
    ['SELECT Id FROM Account LIMIT 1.5', '1:30 expected a number of rows, found a number'],
    ["SELECT 'a' FROM Account", '1:8 expected a field, found a text'],
    ['SELECT Id FROM Account\u200B', '1:23 expected the end of the query, found the character U+200B'],
    ['SELECT Id FROM Account, Contact', '1:25 this names no parent of the object'],
    ['SELECT Id FROM Account LIMIT 1 WHERE A = 1', '1:32 expected the end of the query, found `WHERE`'],
  ])('says where and why %j cannot be read', (text, expected) => {
    expect(problemOf(text)).toBe(expected);
  });

  it('shows no value in what it says, only that one stood there', () => {
    expect(problemOf("SELECT Id FROM Account WHERE 'secret' = Name")).not.toContain('secret');
    expect(problemOf('SELECT Id FROM Account WHERE 4711 = Name')).not.toContain('4711');
  });

  it('refuses a query longer than Salesforce reads', () => {
    const text = `SELECT Id FROM Account WHERE Name = '${'x'.repeat(100_000)}'`;

    expect(problemOf(text)).toContain('100038 characters; Salesforce reads at most 100000');
  });

  it('reads a text of nearly that length, and refuses nesting that no query has', () => {
    expect(parsed(`SELECT Id FROM Account WHERE Name = '${"\\'".repeat(49_900)}'`).conditions).toHaveLength(1);
    expect(problemOf(`SELECT Id FROM Account WHERE ${'('.repeat(90_000)}`)).toContain('nested more than 64 levels');
    expect(problemOf(`SELECT ${'F('.repeat(40_000)}`)).toContain('nested more than 64 levels');
  });

  it('names the clauses seen before it had to stop', () => {
    const { problem, ...rest } = parseSoql('SELECT Id FROM Account GROUP BY Id HAVING OFFSET');

    expect(problem).toBeDefined();
    expect('clauses' in rest && rest.clauses.map(({ name }) => name)).toEqual(['GROUP BY', 'HAVING']);
  });
});

describe('a place in a text', () => {
  it.each([
    ['abc', 0, 1, 1],
    ['abc', 3, 1, 4],
    ['a\nb\n', 2, 2, 1],
    ['a\r\nb', 3, 2, 1],
    ['a\rb', 2, 2, 1],
    ['a\n', 2, 2, 1],
  ])('in %j, %d is line %d, column %d', (text, offset, line, column) => {
    expect(placeOf(text, offset)).toEqual({ line, column });
  });
});
