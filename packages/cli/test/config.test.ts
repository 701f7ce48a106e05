import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { openEnds } from '../src/config/copy-ends.ts';
import { COMMAND_HELP } from '../src/help-text.ts';
import { parseText, problemsOf } from './temp-config.ts';

const VALID = `
from:
  salesforce:
    environmentUrl: https://acme.my.salesforce.com
    apiVersion: '64.0'
    clientId: abc
    clientSecret: \${env:SF_SECRET}
    query: SELECT Id FROM Account
to:
  files:
    root: ./out
    path: accounts/
    format: parquet
`;

function changed(from: string, to: string): string {
  const text = VALID.replace(from, to);
  if (text === VALID) throw new Error(`the configuration does not say ${from}`);
  return text;
}

describe('a configuration', () => {
  it('refers to a secret, which is not looked up', async () => {
    const { from } = await parseText(VALID, { SF_SECRET: 'hunter2' });

    expect(from.salesforce!.clientSecret).toEqual({ secret: 'env', name: 'SF_SECRET' });
  });

  it('is read from JSON as well', async () => {
    const config = await parseText(VALID);
    const json = JSON.stringify({
      ...config,
      from: { salesforce: { ...config.from.salesforce, clientSecret: { secret: 'file', path: 'secret.txt' } } },
    });

    expect(await parseText(json)).toMatchObject({ to: config.to });
  });

  it('takes text from environment variables, in whole or in part', async () => {
    const text = changed('https://acme.my.', 'https://${env:DOMAIN}.my.').replace('abc', () => 'a$${env:DOMAIN}');

    const { from } = await parseText(text, { DOMAIN: 'acme' });

    expect(from.salesforce!.environmentUrl).toBe('https://acme.my.salesforce.com');
    expect(from.salesforce!.clientId).toBe('a${env:DOMAIN}');
  });

  it('names the variable that is not set, and nothing that follows from it', async () => {
    expect(await problemsOf(changed('SELECT Id FROM Account', '${env:QUERY}'))).toEqual([
      '8:5: from.salesforce.query takes its value from the environment variable QUERY, which is not set',
    ]);
    expect(await problemsOf(changed('SELECT Id FROM Account', '${env:QUERY}'), { QUERY: '' })).toEqual([
      '8:5: from.salesforce.query takes its value from the environment variable QUERY, which is empty',
    ]);
  });

  it('must not hold a secret, and its error does not either', async () => {
    const text = changed('${env:SF_SECRET}', 'hunter2');

    const error = await parseText(text).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/:7:5: from\.salesforce\.clientSecret holds a secret/),
      hint: expect.stringContaining('${env:NAME}'),
    });
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  it.each<readonly [what: string, text: string, problem: string]>([
    [
      'an unknown key',
      VALID.replace('parquet', '{ parket: {} }'),
      '13:15: to.files.format.parket is not known; did you mean parquet?',
    ],
    ['an unknown key that is like no other', `${VALID}zzz: 1\n`, '14:1: zzz is not known here; known are from, to, '],
    ['a missing key', VALID.replace('    clientId: abc\n', ''), '3:3: from.salesforce.clientId is missing'],
    ['a key without a value', VALID.replace(' ./out', ''), '11:5: to.files.root is empty'],
    [
      'a version that YAML takes for a number',
      VALID.replace("'64.0'", '64.0'),
      '5:5: from.salesforce.apiVersion must be text: put it in quotes',
    ],
    ['a group in place of a text', VALID.replace(' ./out', ' { a: b }'), '11:5: to.files.root must be text'],
    ['a number out of range', `${VALID}parallelism: 0\n`, '14:1: parallelism must be at least 1'],
    ['a word that is none of those known', `${VALID}mode: upsert\n`, '14:1: mode must be create, overwrite or append'],
    [
      'neither a number nor the word for none',
      `${VALID}maxRejects: many\n`,
      '14:1: maxRejects must be a whole number, unlimited, or a share from 0 to 1',
    ],
    [
      'a bad word within options of a format',
      VALID.replace('parquet', '{ parquet: { compression: gzip } }'),
      '13:26: to.files.format.parquet.compression must be snappy, zstd or none',
    ],
    [
      'a compression there is none of',
      VALID.replace('parquet', '{ csv: { compression: zip } }'),
      '13:22: to.files.format.csv.compression must be gzip or deflate',
    ],
    [
      'a type that is none among declared columns',
      VALID.replace(
        /from:[^]*to:/,
        'from:\n  files: { root: ., path: a, format: csv, schema: [{ name: a, type: number }] }\nto:',
      ),
      '3:63: from.files.schema[0].type must be text, boolean',
    ],
    [
      'two formats at once',
      VALID.replace('parquet', '{ parquet: {}, arrow: {} }'),
      '13:5: to.files.format needs one of parquet, arrow, csv and json',
    ],
    [
      'a format that is none',
      VALID.replace('parquet', 'excel'),
      '13:5: to.files.format must be parquet, arrow, csv or json',
    ],
    [
      'a query beside an object',
      VALID.replace('query:', 'object: Account\n    query:'),
      '3:3: from.salesforce needs either query or object',
    ],
    [
      'neither a query nor an object',
      VALID.replace(/ {4}query.*\n/, ''),
      '3:3: from.salesforce needs either query or object',
    ],
    [
      'fields beside a query',
      VALID.replace('query:', 'fields: { include: [Id] }\n    query:'),
      '3:3: from.salesforce has fields or where beside a query: they belong to an object',
    ],
    [
      'an entry of a list',
      VALID.replace(/query: .*/, 'object: A\n    fields: { include: [Id, 5] }'),
      '9:29: from.salesforce.fields.include[1] must be text: put it in quotes',
    ],
    [
      'a reference to a secret of no known kind',
      VALID.replace('${env:SF_SECRET}', '{ secret: vault }'),
      '7:21: from.salesforce.clientSecret.secret',
    ],
    [
      'a proxy with a password',
      VALID.replace('query:', 'proxy: http://me:hunter2@proxy\n    query:'),
      '8:5: from.salesforce.proxy holds a password',
    ],
    ['a key that is there twice', `${VALID}to: {}\n`, '14:1: the key is there twice'],
    ['an alias', VALID.replace('abc', '*hunter2'), '6:15: an alias (*name) is not supported: write the value out'],
    ['a tag', VALID.replace('abc', '!hunter2 x'), '6:15: a tag (!name) is not supported'],
    ['a number without end', `${VALID}maxRejects: .inf\n`, '14:13: a number must be finite'],
    ['a stray bracket', VALID.replace('abc', 'abc\n    x: ]hunter2'), '7:8: '],
    ['nothing', '', '1:1: is empty'],
    ['a text alone', 'hunter2', '1:1: must be a group of keys'],
  ])('tells where it has %s', async (_what, text, problem) => {
    const problems = await problemsOf(text);

    expect(problems).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  it('tells all its problems at once, in the order of the file', async () => {
    const text = `${changed('clientId: abc', 'clientld: ${env:NO}').replace('./out', '5')}mode: upsert\n`;

    expect(await problemsOf(text)).toEqual([
      '3:3: from.salesforce.clientId is missing',
      '6:5: from.salesforce.clientld takes its value from the environment variable NO, which is not set',
      '11:5: to.files.root must be text: put it in quotes',
      '14:1: mode must be create, overwrite or append',
    ]);
  });

  it('names the file that cannot be read', async () => {
    const { readConfigFile } = await import('../src/config/config-file.ts');

    await expect(readConfigFile('no/such.yaml')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'the configuration no/such.yaml cannot be read: it is not there',
      cause: { code: 'ENOENT' },
    });
  });
});

describe('the ends of a copy', () => {
  it('count relative paths from the folder of the configuration', async () => {
    const config = await parseText(changed('${env:SF_SECRET}', '{ secret: file, path: secret.txt }'));

    await using ends = openEnds(config, '/somewhere/else/copy.yaml');

    expect(ends.names.to).toBe('/somewhere/else/out/accounts/');
    expect(ends.to.config).toMatchObject({ path: 'accounts/', store: { config: { root: '/somewhere/else/out' } } });
  });

  it('are told from each other by what decides on the rows, not by how they are fetched', async () => {
    const ends = async (more: string): Promise<object> => {
      const config = await parseText(`${VALID}${more}`);
      await using opened = openEnds(config, '/copy.yaml');
      return { from: opened.from.config, to: opened.to.config };
    };

    expect(await ends('parallelism: 2\n')).toEqual(await ends('maxRejects: unlimited\n'));
  });

  it.each([
    ['parquet', { name: 'parquet', config: { compression: 'snappy' } }],
    ['arrow', { name: 'arrow', config: { messageRows: 65_536 } }],
    ['{ parquet: { compression: zstd } }', { name: 'parquet', config: { compression: 'zstd' } }],
    ['{ arrow: { messageRows: 10 } }', { name: 'arrow', config: { messageRows: 10 } }],
    ['{ csv: { compression: gzip } }', { name: 'gzip csv', config: { codec: 'gzip' } }],
    ['{ json: { compression: deflate } }', { name: 'deflate json', config: { codec: 'deflate' } }],
  ])('write the format %s', async (text, format) => {
    await using ends = openEnds(await parseText(VALID.replace('parquet', text)), '/copy.yaml');

    expect(ends.to.config).toMatchObject({ format });
  });

  it('take any number of rejected rows where the configuration says so', async () => {
    await using ends = openEnds(await parseText(`${VALID}maxRejects: unlimited\n`), '/copy.yaml');

    expect(ends.options.maxRejects).toBe(Infinity);
  });

  it('read an object with its fields in place of a query', async () => {
    const object = 'object: Account\n    fields: { include: [Id, Name] }\n    where: Name != null';
    await using ends = openEnds(await parseText(VALID.replace(/query: .*/, object)), '/copy.yaml');

    expect(ends.from.config).toMatchObject({
      query: { object: 'Account', include: ['Id', 'Name'], where: 'Name != null' },
    });
  });
});

describe('the configurations that we show', () => {
  const ENVIRONMENT = { SF_URL: 'https://acme.my.salesforce.com', SF_CLIENT_ID: 'x' };

  it.each(['packages/cli/README.md', 'README.md'])('in %s are valid', async (page) => {
    const text = await readFile(new URL(`../../../${page}`, import.meta.url), 'utf8');
    const configs = [...text.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, config]) => config!);

    expect(configs.length).toBeGreaterThan(0);
    for (const config of configs) expect(await problemsOf(config, ENVIRONMENT)).toEqual([]);
  });

  it('in the help of the command are valid', async () => {
    const [config = ''] = /^ {2}from:[^]*?(?=\n\n)/m.exec(COMMAND_HELP.copy) ?? [];

    expect(await problemsOf(config, ENVIRONMENT)).toEqual([]);
  });

  it('as an example are valid', async () => {
    const example = await readFile(new URL('../example/navaids.yaml', import.meta.url), 'utf8');

    expect(await problemsOf(example, ENVIRONMENT)).toEqual([]);
  });
});
