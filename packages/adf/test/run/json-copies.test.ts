import { gunzipSync, gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { reference } from '../definitions/factory-files.ts';
import { outputOf } from './control-run.ts';
import { csv, file, type FileCopies, fileCopies, mappings } from './file-copies.ts';

let copies: FileCopies;

beforeAll(async () => {
  copies = await fileCopies();
});

afterAll(async () => {
  await copies[Symbol.asyncDispose]();
});

describe('a copy from or to JSON', () => {
  const ORDERS = [
    '{"id":1,"price":1234567890.12345678901,"on":true,"owner":{"name":"Ann"},"lines":[{"sku":"a","n":2},{"sku":"b"}]}',
    '{"id":2,"price":0.10,"owner":null,"lines":[]}',
  ];

  it.each([
    ['lines', ORDERS.join('\n')],
    ['an array', `[${ORDERS.join(',')}]`],
    ['objects one after the other', ORDERS.join('')],
  ])('FM-05 takes %s', async (_what, content) => {
    await copies.write('json/in.json', content);

    expect(
      await copies.lines({ from: file('Json', 'json/in.json'), more: mappings([{ path: "$['id']" }, { name: 'id' }]) }),
    ).toEqual(['1', '2']);
  });

  it('FM-05 CNV-06 keeps documents as they are on the way to documents, in either layout', async () => {
    await copies.write('json/in.json', ORDERS.join('\n'));

    await copies.copy({ from: file('Json', 'json/in.json'), to: file('Json', 'out/lines.json') });
    await copies.copy({
      from: file('Json', 'json/in.json'),
      to: file('Json', 'out/array.json'),
      sink: { formatSettings: { type: 'JsonWriteSettings', filePattern: 'arrayOfObjects' } },
    });

    const [first, second] = ORDERS;
    const whole = second!.replace('"owner"', '"on":null,"owner"');
    expect(await copies.text('out/lines.json')).toBe(`${first}\n${whole}\n`);
    expect(await copies.text('out/array.json')).toBe(`[\n${first},\n${whole}\n]\n`);
  });

  it('MAP-05 takes values by path, and a row for each element of one array', async () => {
    await copies.write('json/in.json', ORDERS.join('\n'));
    const byPath = mappings(
      [{ path: "$['id']" }, { name: 'id' }],
      [{ path: '$.owner.name' }, { name: 'owner' }],
      [{ path: "['sku']" }, { name: 'sku' }],
      [{ path: 'n', type: 'Int32' }, { name: 'n' }],
    );
    const { translator } = byPath;

    expect(
      await copies.lines({
        from: file('Json', 'json/in.json'),
        more: { translator: { ...(translator as object), collectionReference: "$['lines']" } },
      }),
    ).toEqual(['1,Ann,a,2', '1,Ann,b,']);
  });

  it('MAP-05 puts columns at paths of a document', async () => {
    await copies.write('rows.csv', 'id,name,city\n7,Ann,Rome\n');
    const to = mappings(
      [{ name: 'id', type: 'Int32' }, { path: "$['id']" }],
      [{ name: 'name' }, { path: "$['owner']['name']" }],
      [{ name: 'city' }, { path: "$['owner']['address']['city']" }],
    );

    await copies.copy({ from: csv('rows.csv'), to: file('Json', 'out/nested.json'), more: to });

    expect(await copies.text('out/nested.json')).toBe('{"id":"7","owner":{"name":"Ann","address":{"city":"Rome"}}}\n');
  });

  it('CNV-06 writes values of tables as what they are', async () => {
    const { run } = await copies.workspace.copy(
      {
        query: "SELECT Name, Price__c, Flag__c, At__c FROM Item__c WHERE Name = 'One'",
        activity: { outputs: [reference('to', 'DatasetReference')] },
        sink: { type: 'JsonSink' },
      },
      { parts: { datasets: { to: file('Json', 'out/items.json') } } },
    );

    expect(run.message).toBe('');
    expect(await copies.text('out/items.json')).toBe(
      '{"Name":"One","Price__c":1234.56,"Flag__c":true,"At__c":"2026-01-31T08:05:00.123Z"}\n',
    );
  });

  it('FM-04 FM-05 reads and writes compressed JSON', async () => {
    await copies.write('json/packed.json', gzipSync(ORDERS.join('\n')));
    const compression = { type: 'gzip', level: 'Optimal' };

    await copies.copy({
      from: file('Json', 'json/packed.json', { compression }),
      to: file('Json', 'out/packed.json', { compression }),
      more: mappings([{ path: '$.id' }, { name: 'id' }]),
    });

    expect(gunzipSync(await copies.bytes('out/packed.json')).toString()).toBe('{"id":1}\n{"id":2}\n');
  });

  it('FM-05 says where a document is none', async () => {
    await copies.write('json/bad.json', '{"id":1}\n{"id":}\n');

    const { run } = await copies.copy({ from: file('Json', 'json/bad.json') });

    expect(run.message).toContain('json/bad.json: row 1, line 2, byte 15: no JSON from here on');
  });

  it('LK-05 gives documents to a lookup as the values they are', async () => {
    await copies.write('json/in.json', ORDERS.join('\n'));
    const result = await copies.workspace.run(
      [
        {
          name: 'Look',
          type: 'Lookup',
          typeProperties: { source: { type: 'JsonSource' }, dataset: reference('from', 'DatasetReference') },
        },
      ],
      { parts: { datasets: { from: file('Json', 'json/in.json') } } },
    );

    expect(outputOf(result.run, 'Look')).toMatchObject({
      firstRow: { id: 1, on: true, owner: { name: 'Ann' }, lines: [{ sku: 'a', n: 2 }, { sku: 'b' }] },
    });
  });
});
