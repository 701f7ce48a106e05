import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createOrg, type Emulator, type EmulatorOptions, startEmulator } from '../src/index.ts';
import { type Client, connect, runJob } from './emulator-client.ts';
import { errorsBy, load, openJob, putRows, resultRows, resultText, setState, settled } from './ingest-client.ts';
import { rowsOf } from './query-rows.ts';

const NOW_MS = Date.UTC(2026, 2, 2, 10);
const STAMP = '2026-03-02T10:00:00.000Z';

let emulator: Emulator;
let client: Client;

beforeEach(async () => {
  await start();
});

afterEach(stop);

async function start(options: EmulatorOptions = {}): Promise<void> {
  const objects = {
    Person__c: {
      fields: {
        Name: { type: 'string', length: 80, createable: false, updateable: false, nameField: true },
        FirstName: { type: 'string', length: 40 },
        LastName: { type: 'string', length: 80, nillable: false },
        Key__c: { type: 'string', externalId: true, unique: true },
        Strict__c: { type: 'string', externalId: true, unique: true, caseSensitive: true },
        Loose__c: { type: 'string', externalId: true },
        Number__c: { type: 'double', externalId: true },
        Note__c: { type: 'string' },
      },
    },
  } as const;
  const rows = {
    Person__c: [
      {
        FirstName: 'Ana',
        LastName: 'Silva',
        Key__c: 'K-1',
        Strict__c: 'k',
        Loose__c: 'twin',
        Number__c: 7,
        Note__c: 'n',
      },
      {
        FirstName: 'Bo',
        LastName: 'Berg',
        Key__c: 'K-2',
        Strict__c: 'K',
        Loose__c: 'TWIN',
        Number__c: 8,
        Note__c: 'n',
      },
    ],
  };
  emulator = await startEmulator({
    org: createOrg({ objects, rows }),
    clock: { startMs: NOW_MS, frozen: true },
    ...options,
  });
  client = await connect(emulator);
}

async function stop(): Promise<void> {
  await emulator[Symbol.asyncDispose]();
  emulator.org[Symbol.dispose]();
}

function people(select: string, where = ''): readonly (readonly unknown[])[] {
  return rowsOf(emulator.org, `SELECT ${select} FROM Person__c ${where} ORDER BY LastName, Id`);
}

function idOf(lastName: string): string {
  return String(people('Id', `WHERE LastName = '${lastName}'`)[0]?.[0]);
}

async function run(operation: string, csv: string, more: object = {}): Promise<string> {
  const { id, state } = await load(client, { object: 'Person__c', operation, ...more }, csv);
  expect(state).toBe('JobComplete');
  return id;
}

describe('an insert', () => {
  it('makes records with ids, owners, names and stamps', async () => {
    const id = await run('insert', 'FirstName,LastName\nCy,Cole\n');

    const [saved] = await resultRows(client, id, 'successfulResults');
    expect(people('Id, Name, Owner.Name, CreatedDate, SystemModstamp', "WHERE LastName = 'Cole'")).toEqual([
      [saved?.['sf__Id'], 'Cy Cole', 'Dana Ito', STAMP, STAMP],
    ]);
  });

  it('names every required field that is missing', async () => {
    const id = await run('insert', 'FirstName,LastName\nCy,\nDi,#N/A\nEd," "\nFi,Frost\n');

    const text = 'REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --';
    expect(await errorsBy(client, id, 'FirstName')).toEqual([text, text, text]);
  });

  it('refuses a unique value that is taken, in the org or by a row before', async () => {
    const id = await run('insert', 'LastName,Key__c\nA,k-1\nB,new\nC,NEW\n');

    const [a, c] = await errorsBy(client, id, 'LastName');
    expect(a).toBe(
      `DUPLICATE_VALUE:duplicate value found: Key__c duplicates value on record with id: ${idOf('Silva')}:Key__c --`,
    );
    expect(c).toContain(idOf('B'));
  });

  it('never gives the id of a record that was deleted for good', async () => {
    await stop();
    await start({ ingest: { hardDelete: true } });
    const gone = idOf('Berg');
    await run('hardDelete', `Id\n${gone}\n`);
    await run('insert', 'LastName\nNew\n');

    expect(idOf('New')).not.toBe(gone);
  });
});

describe('an update', () => {
  it('changes what is given, leaves empty cells alone and takes #N/A for null, quoted or not', async () => {
    const [ana, bo] = [idOf('Silva'), idOf('Berg')];

    await run('update', `Id,FirstName,Note__c\n${ana},,#N/A\n${bo.slice(0, 15)},Bob,"#N/A"\n`);

    expect(people('Name, Note__c, LastModifiedDate')).toEqual([
      ['Bob Berg', null, STAMP],
      ['Ana Silva', null, STAMP],
    ]);
  });

  it('says of each row what is wrong with its id', async () => {
    const bo = idOf('Berg');
    emulator.org.remove('Person__c', [bo], NOW_MS);
    const other = bo.replace(/^.../, '001');
    const unknown = `${bo.slice(0, 3)}Hs00000gggggAAA`;

    const id = await run('update', `Note__c,Id\na,\nb,${other}\nc,${unknown}\nd,${bo}\ne,#N/A\n`);

    expect(await errorsBy(client, id, 'Note__c')).toEqual([
      'MISSING_ARGUMENT:Id not specified in an update call:--',
      `MALFORMED_ID:Person ID: id value of incorrect type: ${other}:Id --`,
      'INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--',
      'ENTITY_IS_DELETED:entity is deleted:--',
      'MISSING_ARGUMENT:Id not specified in an update call:--',
    ]);
    const failed = await resultRows(client, id, 'failedResults');
    expect(failed.find(({ Note__c }) => Note__c === 'd')).toMatchObject({ sf__Id: bo });
  });

  it('cannot take away what is required, nor give what is taken', async () => {
    const [ana, bo] = [idOf('Silva'), idOf('Berg')];

    const id = await run('update', `Id,LastName,Key__c\n${ana},#N/A,\n${bo},,K-1\n`);

    expect(new Set(await errorsBy(client, id, 'Key__c'))).toEqual(
      new Set([
        'REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --',
        `DUPLICATE_VALUE:duplicate value found: Key__c duplicates value on record with id: ${ana}:Key__c --`,
      ]),
    );
    expect(await resultRows(client, await run('update', `Id,Key__c\n${ana},k-1\n`), 'failedResults')).toEqual([]);
  });

  it('needs an id column', async () => {
    const id = await run('update', 'LastName\nX\n');

    expect(await errorsBy(client, id, 'LastName')).toEqual(['MISSING_ARGUMENT:Id not specified in an update call:--']);
  });
});

describe('an upsert', () => {
  const byKey = { externalIdFieldName: 'Key__c' };

  it('updates the record with the key, whatever its case, and inserts where there is none', async () => {
    const id = await run('upsert', 'Key__c,LastName\nk-1,Santos\nK-3,Cole\n', byKey);

    const saved = await resultRows(client, id, 'successfulResults');
    expect(new Set(saved.map(({ Key__c, sf__Created }) => `${Key__c} ${sf__Created}`))).toEqual(
      new Set(['k-1 false', 'K-3 true']),
    );
    expect(people('LastName, Key__c')).toEqual([
      ['Berg', 'K-2'],
      ['Cole', 'K-3'],
      ['Santos', 'K-1'],
    ]);
  });

  it('minds the case of a key that does', async () => {
    await run('upsert', 'Strict__c,LastName\nK,Big\n', { externalIdFieldName: 'Strict__c' });

    expect(people('LastName, Strict__c')).toEqual([
      ['Big', 'K'],
      ['Silva', 'k'],
    ]);
  });

  it('matches numbers by their value', async () => {
    await run('upsert', 'Number__c,LastName\n7.0,Seven\n', { externalIdFieldName: 'Number__c' });

    expect(people('LastName')).toEqual([['Berg'], ['Seven']]);
  });

  it('refuses a key of several records', async () => {
    const id = await run('upsert', 'Loose__c,LastName\nTwin,X\n', { externalIdFieldName: 'Loose__c' });

    expect(await errorsBy(client, id, 'LastName')).toEqual([
      expect.stringMatching(
        /^DUPLICATE_EXTERNAL_ID:Loose__c: more than one record found for external id field: \[\w{18}, \w{18}\]:Loose__c --$/,
      ),
    ]);
  });

  it.each([
    ['rejectLater', ['b']],
    ['rejectAll', ['a', 'b']],
  ] as const)('finds a key twice in a chunk of rows, and not in two chunks (%s)', async (duplicateKeys, failed) => {
    await stop();
    await start({ ingest: { duplicateKeys, chunkRows: 2, shuffleResults: false } });

    const id = await run('upsert', 'Key__c,LastName,Note__c\nE-1,X,a\ne-1,X,b\nE-1,X,c\n', byKey);

    const rows = await resultRows(client, id, 'failedResults');
    expect(rows.map(({ Note__c }) => Note__c)).toEqual(failed);
    expect(rows.at(-1)).toMatchObject({ sf__Error: 'DUPLICATE_VALUE:Duplicate external id specified: e-1:Key__c --' });
  });

  it('refuses an empty key, in words the options choose', async () => {
    const csv = 'Key__c,LastName\n,X\n#N/A,Y\n';
    const texts = await errorsBy(client, await run('upsert', csv, byKey), 'LastName');
    await stop();
    await start({ ingest: { rowErrors: { blankExternalId: 'OWN:text:--' } } });

    expect(texts).toEqual(Array(2).fill('MISSING_ARGUMENT:External ID not specified in an upsert call:--'));
    expect(await errorsBy(client, await run('upsert', csv, byKey), 'LastName')).toEqual(['OWN:text:--', 'OWN:text:--']);
  });

  it('by Id updates what is there and inserts what has none', async () => {
    const csv = `Id,LastName\n${idOf('Silva')},Santos\n,Cole\n#N/A,Dahl\n`;
    const id = await run('upsert', csv, { externalIdFieldName: 'Id' });

    expect(await resultRows(client, id, 'failedResults')).toEqual([]);
    expect(people('LastName')).toEqual([['Berg'], ['Cole'], ['Dahl'], ['Santos']]);
  });
});

describe('a delete', () => {
  it('moves records to the recycle bin, once', async () => {
    const bo = idOf('Berg');
    const id = await run('delete', `Id\n${bo}\n${bo}\n`);

    expect(await resultRows(client, id, 'successfulResults')).toEqual([{ sf__Id: bo, sf__Created: 'false', Id: bo }]);
    expect(await errorsBy(client, id, 'Id')).toEqual(['ENTITY_IS_DELETED:entity is deleted:--']);
    expect(people('LastName')).toEqual([['Silva']]);
    expect(rowsOf(emulator.org, 'SELECT IsDeleted FROM Person__c', { includeDeleted: true })).toHaveLength(2);
  });

  it('past the recycle bin needs a permission', async () => {
    await stop();
    await start({ ingest: { hardDelete: true } });

    await run('hardDelete', `Id\n${idOf('Berg')}\n`);

    expect(rowsOf(emulator.org, 'SELECT LastName FROM Person__c', { includeDeleted: true })).toEqual([['Silva']]);
  });
});

describe('queries and uploads', () => {
  it('share one store, and a query keeps the rows it began with', async () => {
    const before = await runJob(client, 'SELECT LastName FROM Person__c');
    await run('insert', 'LastName\nCole\n');
    await run('delete', `Id\n${idOf('Berg')}\n`);
    const after = await runJob(client, 'SELECT LastName FROM Person__c');

    const namesOf = async (job: string): Promise<string[]> => {
      const text = await (await client.send(`jobs/query/${job}/results`)).text();
      return text.trim().split('\n').slice(1).sort();
    };
    expect(await namesOf(before)).toEqual(['"Berg"', '"Silva"']);
    expect(await namesOf(after)).toEqual(['"Cole"', '"Silva"']);
  });
});

describe('CSV', () => {
  it('may have another delimiter and line ending, which result files share', async () => {
    const dialect = { columnDelimiter: 'SEMICOLON', lineEnding: 'CRLF' };
    const id = await run('insert', 'LastName;Note__c\r\n"a;b";"c\r\nd"\r\n', dialect);

    const text = await resultText(client, id, 'successfulResults');
    expect(text.replace(/"\w{18}"/, '"id"')).toBe(
      '"sf__Id";"sf__Created";LastName;Note__c\r\n"id";"true";"a;b";"c\r\nd"\r\n',
    );
  });

  it.each([
    ['LF', 'LastName\r\nA\r\n'],
    ['LF', 'LastName\nA\nB\r\n'],
    ['CRLF', 'LastName\r\nA\n'],
    ['CRLF', 'LastName\n"A"\r\n'],
  ])('with other line ends than %s fails the job before a row is saved: %j', async (lineEnding, csv) => {
    const { id, ...status } = await load(client, { object: 'Person__c', operation: 'insert', lineEnding }, csv);

    expect(status).toMatchObject({
      state: 'Failed',
      numberRecordsProcessed: 0,
      errorMessage: `ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is ${lineEnding}`,
    });
    expect(people('LastName')).toHaveLength(2);
    expect(await resultText(client, id, 'unprocessedrecords')).not.toBe('');
  });

  it('may not have line feeds in cells, in an org said to refuse them', async () => {
    const csv = 'LastName\n"A\nB"\n';
    await run('insert', csv);
    await stop();
    await start({ ingest: { embeddedLineFeeds: 'failJob' } });

    expect(await load(client, { object: 'Person__c', operation: 'insert' }, csv)).toMatchObject({ state: 'Failed' });
  });

  it('that is wrong in a row rejects that row', async () => {
    const csv = `FirstName,LastName
1,"a" 
2, "b"
3,c,d
4
5,${'x'.repeat(131_073)}
6,${`${'y'.repeat(100_000)},`.repeat(5)}
7,fine
`;
    const id = await run('insert', csv);

    expect((await errorsBy(client, id, 'FirstName')).map((text) => text.split(':')[1]?.slice(0, 40))).toEqual([
      'Failed to parse the CSV row',
      'Failed to parse the CSV row',
      'The number of cells of the CSV row is no',
      'The number of cells of the CSV row is no',
      'A field of the CSV row is longer than 13',
      'The CSV row is longer than 400000 charac',
    ]);
    expect(await resultRows(client, id, 'successfulResults')).toMatchObject([{ FirstName: '7' }]);
  });
});

describe('result files', () => {
  it('are quoted as recorded', async () => {
    const id = await run('insert', 'FirstName,LastName,Note__c\n"A ""B""",C,x\n');
    const failing = await run('insert', 'FirstName,LastName\nD,\n');

    const successful = await resultText(client, id, 'successfulResults');
    expect(successful.replace(/"\w{18}"/, '"id"')).toBe(
      '"sf__Id","sf__Created",FirstName,LastName,Note__c\n"id","true","A ""B""","C","x"\n',
    );
    expect(await resultText(client, id, 'failedResults')).toBe('"sf__Id","sf__Error",FirstName,LastName,Note__c\n');
    expect(await resultText(client, id, 'unprocessedrecords')).toBe('FirstName,LastName,Note__c\n');
    expect(await resultText(client, id, 'unprocessedRecords/')).toBe('FirstName,LastName,Note__c\n');
    expect(await resultText(client, failing, 'failedResults')).toBe(
      '"sf__Id","sf__Error",FirstName,LastName\n"","REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --","D",""\n',
    );
  });

  it('have their columns sorted by name in early versions of the API, but for unprocessed rows', async () => {
    client = await connect(emulator, 'v49.0');
    const id = await openJob(client, { object: 'Person__c', operation: 'insert' });
    await putRows(client, id, 'LastName,FirstName\nB,A\n');
    await setState(client, id, 'UploadComplete');
    await settled(client, id);

    const text = await resultText(client, id, 'successfulResults');
    expect(text.replace(/"\w{18}"/, '"id"')).toBe('"sf__Id","sf__Created",FirstName,LastName\n"id","true","A","B"\n');
    expect(await resultText(client, id, 'unprocessedrecords')).toBe('LastName,FirstName\n');
  });

  it.each([true, false])(
    'hold each row once, in another order or in that of the upload (%s)',
    async (shuffleResults) => {
      await stop();
      await start({ ingest: { shuffleResults } });
      const names = Array.from({ length: 1000 }, (_, index) => String(index));

      const id = await run('insert', `LastName\n${names.join('\n')}`);

      const found = (await resultRows(client, id, 'successfulResults')).map(({ LastName = '' }) => LastName);
      expect(found.join() === names.join()).toBe(!shuffleResults);
      expect(found.sort((a, b) => Number(a) - Number(b))).toEqual(names);
    },
  );

  it('are compressed for who asks, and read as often as asked', async () => {
    const id = await run('insert', 'LastName\nA\n');
    const response = await client.send(`jobs/ingest/${id}/successfulResults`);

    expect([response.headers.get('content-encoding'), response.headers.get('content-type')]).toEqual([
      'gzip',
      'text/csv; charset=UTF-8',
    ]);
    expect(await response.text()).toBe(await resultText(client, id, 'successfulResults'));
  });

  it('of failed rows have a header row for the id of a query job', async () => {
    const id = await runJob(client, 'SELECT Id FROM Person__c');

    expect(await resultText(client, id, 'failedResults')).toBe('"sf__Id","sf__Error"\n');
  });
});
