import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, inspect } from 'node:util';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { resolveSecret } from '../src/secret/resolve-secret.ts';
import { isSecretReference, secret } from '../src/secret/secret-reference.ts';
import { Secret } from '../src/secret/secret.ts';
import { tempFolder } from './temp-folder.ts';
import { failureOf } from './thrown.ts';

const TEXT = 'hunter2';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a secret', () => {
  it('is given by reveal and by nothing else', () => {
    const value = secret.value(TEXT);
    const copy: object = Object.assign({}, value);
    const error = new Error(`no ${String(value)}`, { cause: { value } });
    const views = [
      String(value),
      // What the type system forbids happens in logs all the same.
      ''.concat(value as never),
      Number(value as never),
      JSON.stringify({ value, list: [value] }),
      inspect(value),
      inspect({ deep: { value } }, { depth: 9, showHidden: true, getters: true }),
      inspect(value, { customInspect: false, showHidden: true }),
      inspect(error),
      format('%s %o %j %O', value, value, value, value),
      JSON.stringify(copy),
      inspect(copy),
      inspect(structuredClone(value)),
      Object.keys(value).join(),
      Object.getOwnPropertyNames(value).join(),
      inspect(Reflect.ownKeys(value)),
    ].map(String);

    expect(value.reveal()).toBe(TEXT);
    expect(views.filter((view) => view.includes(TEXT))).toEqual([]);
    expect(`${String(value)} ${JSON.stringify([value])} ${inspect(value)}`).toBe('[secret] ["[secret]"] [secret]');
  });

  it('is known by its brand, also when another copy of the package made it', async () => {
    const other = { [Symbol.for('@sluice/core/Secret')]: true, reveal: () => TEXT };

    expect(Secret.is(secret.value(TEXT))).toBe(true);
    expect(Secret.is(other)).toBe(true);
    expect(await resolveSecret(other as never)).toBe(other);
    expect(
      [Object.assign({}, secret.value(TEXT)), structuredClone(secret.value(TEXT)), TEXT, null].map(Secret.is),
    ).toEqual([false, false, false, false]);
  });

  it('cannot be empty or no text', () => {
    expect(() => secret.value('')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(() => secret.value(undefined as never)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

describe('a reference to a secret', () => {
  it('is plain JSON', () => {
    const references = [
      secret.env('CRM_SECRET'),
      secret.file('/run/secrets/crm'),
      secret.from('vault', { path: 'crm', version: 3 }),
    ];

    expect(references).toEqual([
      { secret: 'env', name: 'CRM_SECRET' },
      { secret: 'file', path: '/run/secrets/crm' },
      { secret: 'vault', path: 'crm', version: 3 },
    ]);
    expect(JSON.parse(JSON.stringify(references))).toEqual(references);
    expect(references.every(isSecretReference)).toBe(true);
  });

  it('is neither a secret nor anything else', () => {
    const others = [secret.value(TEXT), null, 'env', {}, { secret: '' }, { secret: 7 }];

    expect(others.filter(isSecretReference)).toEqual([]);
  });

  it.each([
    ['a variable without a name', () => secret.env('')],
    ['a variable with a value', () => secret.env('CRM=hunter2')],
    ['a file without a path', () => secret.file('')],
    ['a provider without a name', () => secret.from('')],
  ])('is refused for %s', async (_, refer) => {
    const failure = await failureOf(refer);

    expect(failure).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(String(failure)).not.toContain('hunter2');
  });
});

describe('resolving a secret', () => {
  it('reads an environment variable each time', async () => {
    vi.stubEnv('SLUICE_TEST_SECRET', TEXT);
    const first = await resolveSecret(secret.env('SLUICE_TEST_SECRET'));
    vi.stubEnv('SLUICE_TEST_SECRET', ' other \n');
    const second = await resolveSecret(secret.env('SLUICE_TEST_SECRET'));

    expect([first.reveal(), second.reveal()]).toEqual([TEXT, ' other \n']);
  });

  it.each([
    ['hunter2\n', 'hunter2'],
    ['hunter2\r\n', 'hunter2'],
    ['hunter2', 'hunter2'],
    [' two\nlines \n\n', ' two\nlines \n'],
    ['pässwörd 𝄞\n', 'pässwörd 𝄞'],
  ])('reads the file %j without a line end at its end', async (content, expected) => {
    await using folder = await tempFolder();
    const path = join(folder.path, 'secret');
    await writeFile(path, content);

    const resolved = await resolveSecret(secret.file(path));

    expect(resolved.reveal()).toBe(expected);
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['cannot be read', async () => {}],
    ['cannot be read', (path) => mkdir(path)],
    ['is empty', (path) => writeFile(path, '\n')],
    ['is not UTF-8 text', (path) => writeFile(path, Buffer.from('hunter2\xff', 'latin1'))],
  ])('names the file when it %s', async (reason, prepare) => {
    await using folder = await tempFolder();
    const path = join(folder.path, 'secret');
    await prepare(path);

    const failure = await failureOf(resolveSecret(secret.file(path)));

    expect(failure).toMatchObject({ code: 'SECRET_UNRESOLVED', message: `the secret file ${path} ${reason}` });
    expect(inspect(failure)).not.toContain(TEXT);
  });

  it('names the variable when it is not set or empty', async () => {
    vi.stubEnv('SLUICE_TEST_EMPTY', '');

    const failures = [
      await failureOf(resolveSecret(secret.env('SLUICE_TEST_NONE'))),
      await failureOf(resolveSecret(secret.env('SLUICE_TEST_EMPTY'))),
    ];

    expect(failures).toMatchObject([
      { code: 'SECRET_UNRESOLVED', message: 'the environment variable SLUICE_TEST_NONE is not set' },
      { code: 'SECRET_UNRESOLVED', message: 'the environment variable SLUICE_TEST_EMPTY is empty' },
    ]);
  });

  it('asks a provider of the caller’s, with the reference and the signal', async () => {
    const { signal } = new AbortController();
    const asked: unknown[] = [];
    const vault = async (reference: unknown, request: unknown): Promise<string> => {
      asked.push(reference, request);
      return TEXT;
    };

    const resolved = await resolveSecret(secret.from('vault', { path: 'crm' }), { signal, providers: { vault } });

    expect(resolved.reveal()).toBe(TEXT);
    expect(asked).toEqual([{ secret: 'vault', path: 'crm' }, { signal }]);
  });

  it.each([
    ['no provider is called "vault"', {}],
    ['no provider is called "vault"', Object.create({ vault: () => TEXT }) as object],
    ['the secret provider "vault" gave no text', { vault: () => '' }],
    ['the secret provider "vault" gave no text', { vault: () => undefined }],
    ['the secret provider "vault" failed', { vault: () => Promise.reject(new Error('no route')) }],
  ])('says: %s', async (message, providers) => {
    const failure = await failureOf(resolveSecret(secret.from('vault'), { providers: providers as never }));

    expect(failure).toMatchObject({ code: 'SECRET_UNRESOLVED', message });
  });

  it('refuses a reference that lacks what its provider needs', async () => {
    const failure = await failureOf(resolveSecret({ secret: 'env', path: 'hunter2' }));

    expect(failure).toMatchObject({ code: 'SECRET_UNRESOLVED', message: expect.stringContaining('has no name') });
    expect(inspect(failure)).not.toContain(TEXT);
  });

  it('ends with the reason of the signal', async () => {
    const reason = new Error('cancelled');
    const controller = new AbortController();
    const vault = (): Promise<string> => {
      controller.abort(reason);
      return Promise.reject(new Error('socket closed'));
    };
    const during = await failureOf(
      resolveSecret(secret.from('vault'), { signal: controller.signal, providers: { vault } }),
    );

    const after = await failureOf(resolveSecret(secret.env('PATH'), { signal: controller.signal }));

    expect([during, after]).toEqual([reason, reason]);
  });
});
