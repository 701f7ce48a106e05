import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { javaDouble } from '../src/bulk-query/java-double.ts';
import { createOrg, type ObjectInput, type RecordInput, startEmulator } from '../src/index.ts';
import { connect, runJob } from './emulator-client.ts';

describe('a double as Java writes it', () => {
  it.each([
    ['0', '0.0'],
    ['-0', '-0.0'],
    ['100', '100.0'],
    ['23.45', '23.45'],
    ['0.001', '0.001'],
    ['0.0001', '1.0E-4'],
    ['0.00012345', '1.2345E-4'],
    ['9999999', '9999999.0'],
    ['10000000', '1.0E7'],
    ['-80000000', '-8.0E7'],
    ['16147805824397', '1.6147805824397E13'],
    ['1234567890123456.78', '1.2345678901234568E15'],
    ['999999999999999999', '1.0E18'],
    ['1.7976931348623157e308', '1.7976931348623157E308'],
    ['5e-324', '4.9E-324'],
    ['1e-323', '9.9E-324'],
    ['2e23', '2.0E23'],
  ])('%s is %s', (value, text) => {
    expect(javaDouble(Number(value))).toBe(text);
  });

  it('reads back as the same double', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    const property = fc.property(finite, (value) => {
      const text = javaDouble(value);
      expect(text).toMatch(/^-?\d+\.\d+(E-?\d+)?$/);
      expect(Number(text)).toBe(value);
    });
    expect(() => fc.assert(property, { seed: 7, numRuns: 2000 })).not.toThrow();
  });
});

describe('a result file', () => {
  const FIELDS: ObjectInput['fields'] = {
    Text__c: { type: 'textarea' },
    Money__c: { type: 'currency' },
    Flag__c: { type: 'boolean' },
    Long__c: { type: 'long' },
    At__c: { type: 'datetime' },
    Time__c: { type: 'time' },
    Many__c: { type: 'multipicklist', picklistValues: ['a', 'b'] },
    Key__c: { type: 'encryptedstring', masked: true },
  };

  const HEADERS = Object.keys(FIELDS);

  const ROW: RecordInput = {
    Text__c: 'a "quoted", line\nand\r\nanother\tone',
    Money__c: 80_000_000,
    Flag__c: true,
    Long__c: '9007199254740993',
    At__c: '2024-04-16T21:00:00+02:00',
    Time__c: '19:00:00.000Z',
    Many__c: 'b;a',
    Key__c: 'secret',
  };

  async function csv(records: readonly RecordInput[], dialect: object = {}, exactDecimals = false): Promise<string> {
    using org = createOrg({ objects: { T__c: { fields: FIELDS } }, rows: { T__c: records }, exactDecimals });
    await using emulator = await startEmulator({ org });
    const client = await connect(emulator);
    const soql = `SELECT ${HEADERS.join(', ')} FROM T__c ORDER BY Name`;
    return await (await client.send(`jobs/query/${await runJob(client, soql, dialect)}/results`)).text();
  }

  it('quotes every cell and writes each type as Bulk does', async () => {
    expect(await csv([ROW, {}])).toBe(
      '"Text__c","Money__c","Flag__c","Long__c","At__c","Time__c","Many__c","Key__c"\n' +
        '"a ""quoted"", line\nand\r\nanother\tone","8.0E7","true","9007199254740993",' +
        '"2024-04-16T19:00:00.000Z","19:00:00.000Z","a;b","******"\n' +
        '"","","false","","","","",""\n',
    );
  });

  it.each([
    ['BACKQUOTE', '`'],
    ['CARET', '^'],
    ['PIPE', '|'],
    ['SEMICOLON', ';'],
    ['TAB', '\t'],
  ])('is separated by %s and ends its lines with CRLF', async (columnDelimiter, delimiter) => {
    const text = await csv([ROW], { columnDelimiter, lineEnding: 'CRLF' });

    const [header, row] = parse(text, { delimiter, record_delimiter: '\r\n' });
    expect(header).toEqual(HEADERS);
    expect(row?.[0]).toBe(ROW['Text__c']);
    expect(text.endsWith('"******"\r\n')).toBe(true);
  });

  it('writes exact decimals digit for digit', async () => {
    expect(await csv([{ Money__c: '1234567890123456.780' }], {}, true)).toContain('"1234567890123456.780"');
  });

  it('holds every text as it is', async () => {
    const texts = fc.sample(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), { seed: 3, numRuns: 200 });
    using org = createOrg({
      objects: { T__c: { fields: { Text__c: { type: 'textarea' } } } },
      rows: { T__c: texts.map((Text__c, index) => ({ Name: String(index + 1000), Text__c })) },
      keepWhiteSpace: true,
    });
    await using emulator = await startEmulator({ org });
    const client = await connect(emulator);
    const id = await runJob(client, 'SELECT Text__c FROM T__c ORDER BY Name');
    const body = await (await client.send(`jobs/query/${id}/results`)).text();

    const [, ...rows] = parse(body, { record_delimiter: '\n', skip_empty_lines: false });
    expect(rows.flat()).toEqual(texts);
  });
});
