import { describe, expect, it } from 'vitest';

import { calledReport, objectReadWhole, soqlOfSql } from '../../src/legacy/soql-of-sql.ts';

describe('V1-01 a query of SQL-92', () => {
  it.each([
    ['SELECT Id FROM Account', 'SELECT Id FROM Account'],
    ['SELECT [Id], "Name" FROM `Account`', 'SELECT Id, Name FROM Account'],
    [
      `SELECT Id FROM Account WHERE Name = 'a [b] "c"' AND CreatedDate > {ts'2026-01-31 08:05:00'}`,
      `SELECT Id FROM Account WHERE Name = 'a [b] "c"' AND CreatedDate > 2026-01-31T08:05:00Z`,
    ],
    [
      "SELECT Id FROM Task WHERE ActivityDate = {d '2026-01-31'}",
      'SELECT Id FROM Task WHERE ActivityDate = 2026-01-31',
    ],
    [
      "SELECT [Id] FROM Lead WHERE Email = '@{item().m[0]}' AND CreatedDate >= {ts'@{formatDateTime(item().f,'yyyy-MM-dd HH:mm:ss')}'}",
      "SELECT Id FROM Lead WHERE Email = '@{item().m[0]}' AND CreatedDate >= @{formatDateTime(item().f, 'yyyy-MM-ddTHH:mm:ssZ')}",
    ],
  ])('that says the same in SOQL becomes it: %s', (sql, soql) => {
    expect(soqlOfSql(sql, '60.0')).toBe(soql);
  });

  it.each([
    ['SELECT TOP 5 Id FROM Account'],
    ['SELECT Name AS n FROM Account'],
    ['SELECT a.Id FROM Account a JOIN Contact c ON a.Id = c.AccountId'],
    ['SELECT [Account Name] FROM Account'],
    ["SELECT Id FROM Account WHERE T = {t'08:05:00'}"],
    ["SELECT Id FROM Account WHERE CreatedDate > {ts'@{item()}'}"],
    ['SELECT [Id] FROM Account WHERE'],
    ["SELECT Id FROM Account WHERE Name = '@{json('{}')}'"],
  ])('that could be several things, or nothing, becomes none: %s', (sql) => {
    expect(soqlOfSql(sql, '60.0')).toBeUndefined();
  });

  it('of everything names its object', () => {
    expect(objectReadWhole(' select * from [Invoice__c] ;')).toBe('Invoice__c');
    expect(objectReadWhole('SELECT * FROM Account WHERE Id = 1')).toBeUndefined();
    expect(objectReadWhole('SELECT * FROM Account a')).toBeUndefined();
  });

  it('that calls a report names it', () => {
    expect(calledReport('{ call "Pipeline by stage" }')).toBe('Pipeline by stage');
    expect(calledReport('{call "@{item()}"}')).toBeUndefined();
    expect(calledReport('SELECT Id FROM Account')).toBeUndefined();
  });
});
