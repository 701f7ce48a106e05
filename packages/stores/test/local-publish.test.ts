import { link, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { localStore } from '../src/local/local-store.ts';
import { failureOf, stageText, tempRoot } from './temp-root.ts';
import { testContext } from './test-context.ts';

const ctx = testContext();

describe('local store publishing', () => {
  it('shows nothing until it publishes, then the whole file', async () => {
    await using root = await tempRoot();
    const store = localStore(root.path);

    const token = await stageText(store, 'out/data.csv', 'a,b\n');
    const before = await root.files();
    const listed = await Array.fromAsync(store.list('', ctx));
    await store.publish([token], ctx);

    expect(before).toEqual({});
    expect(listed).toEqual([]);
    expect(await root.files()).toEqual({ 'out/data.csv': 'a,b\n' });
    expect(await root.staged()).toEqual([]);
    expect(await store.stat('out/data.csv', ctx)).toMatchObject({ path: 'out/data.csv', byteLength: 4 });
  });

  it('stages in the folder of the final file', async () => {
    await using root = await tempRoot();

    await stageText(localStore(root.path), 'a/b/data.csv', 'x');

    expect(await root.staged()).toEqual([expect.stringMatching(/^a\/b\/\.sluice-staged-/)]);
  });

  it('creates folders side by side with others that create them', async () => {
    await using root = await tempRoot();
    const store = localStore(join(root.path, 'new/root'));

    await Promise.all(Array.from({ length: 8 }, (_, i) => stageText(store, `a/b/c/${i}`, 'x')));

    expect(await root.staged()).toHaveLength(8);
  });

  it('ends where no folder can be created', async () => {
    const refused = await failureOf(stageText(localStore('/proc/none'), 'a/data.csv', 'x'));

    expect(refused).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('/proc/none/a/data.csv') });
  });

  it('publishes tokens once however often it is asked, on a fresh instance and after JSON', async () => {
    await using root = await tempRoot();
    const token = JSON.parse(JSON.stringify(await stageText(localStore(root.path), 'data.csv', 'rows'))) as never;

    await localStore(root.path).publish([token], ctx);
    await localStore(root.path).publish([token], ctx);

    expect(await root.files()).toEqual({ 'data.csv': 'rows' });
  });

  it.each(['create', 'replace'] as const)('repeats a %s that stopped between files', async (onExisting) => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    const tokens = [
      await stageText(store, 'p/1', 'one', { onExisting }),
      await stageText(store, 'p/2', 'two', { onExisting }),
      await stageText(store, 'p/3', 'three', { onExisting }),
    ];
    await store.publish(tokens.slice(0, 2), ctx);

    await localStore(root.path).publish(tokens, ctx);

    expect(await root.files()).toEqual({ 'p/1': 'one', 'p/2': 'two', 'p/3': 'three' });
    expect(await root.staged()).toEqual([]);
  });

  it('repeats a create that stopped with both names given', async () => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    const token = await stageText(store, 'data.csv', 'rows');
    const [staged] = await root.staged();
    await link(join(root.path, staged!), join(root.path, 'data.csv'));

    await store.publish([token], ctx);

    expect(await readdir(root.path)).toEqual(['data.csv']);
  });

  it('never replaces a file it is to create, even one that came while rows were written', async () => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    const token = await stageText(store, 'data.csv', 'ours');
    await writeFile(join(root.path, 'data.csv'), 'theirs');

    const failure = await failureOf(store.publish([token], ctx));

    expect(failure).toMatchObject({ code: 'TARGET_EXISTS', hint: expect.any(String) });
    expect(String(failure)).toContain(join(root.path, 'data.csv'));
    expect(await root.files()).toEqual({ 'data.csv': 'theirs' });
  });

  it('replaces a file in one step', async () => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    await writeFile(join(root.path, 'data.csv'), 'old');

    const token = await stageText(store, 'data.csv', 'new', { onExisting: 'replace' });
    await store.publish([token], ctx);

    expect(await root.files()).toEqual({ 'data.csv': 'new' });
    expect(await root.staged()).toEqual([]);
  });

  it('says that staged data is lost when it is gone, was exchanged, or its file was replaced since', async () => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    const gone = await stageText(store, 'gone', 'x');
    const exchanged = await stageText(store, 'exchanged', 'x');
    const replaced = await stageText(store, 'replaced', 'x');
    await store.publish([replaced], ctx);
    const path = (name: string): string => join(root.path, name);
    await writeFile(path('other'), 'y');
    await rename(path('other'), path('replaced'));
    for (const name of await root.staged()) {
      await writeFile(path('other'), 'z');
      await rename(path('other'), path(name));
    }
    await store.discardStaged('gone', 'run', ctx);

    for (const token of [gone, exchanged, replaced]) {
      expect(await failureOf(store.publish([token], ctx))).toMatchObject({ code: 'STAGED_DATA_LOST' });
    }
  });

  it('refuses a token of another version or one that leads elsewhere', async () => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    const token = (await stageText(store, 'data.csv', 'x')) as Record<string, never>;

    const later = await failureOf(store.publish([{ ...token, version: 2 }], ctx));
    const elsewhere = await failureOf(store.publish([{ ...token, path: '../data.csv' }], ctx));
    const odd = await failureOf(store.discard([{ ...token, staged: '../../etc/passwd' }], ctx));

    expect(later).toMatchObject({ code: 'POSITION_UNSUPPORTED' });
    expect(elsewhere).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(odd).toMatchObject({ code: 'POSITION_UNSUPPORTED' });
  });
});

describe('local store staging', () => {
  it('goes on behind a token, what was staged behind it being void', async () => {
    await using root = await tempRoot();
    const first = await stageText(localStore(root.path), 'data.csv', 'one,');
    const void1 = await stageText(localStore(root.path), 'data.csv', 'void, and longer', { after: first });

    const second = await stageText(localStore(root.path), 'data.csv', 'two', { after: first });
    await localStore(root.path).publish([second], ctx);

    expect(await root.files()).toEqual({ 'data.csv': 'one,two' });
    expect(await failureOf(localStore(root.path).publish([void1], ctx))).toMatchObject({ code: 'STAGED_DATA_LOST' });
  });

  it('starts over without a token', async () => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    const first = await stageText(store, 'data.csv', 'the first attempt');

    const second = await stageText(store, 'data.csv', 'again');
    await store.publish([second], ctx);

    expect(await root.files()).toEqual({ 'data.csv': 'again' });
    expect(await failureOf(store.publish([first], ctx))).toMatchObject({ code: 'STAGED_DATA_LOST' });
  });

  it('does not touch a file whose publishing stopped with both names given', async () => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    const token = await stageText(store, 'data.csv', 'published');
    const [staged] = await root.staged();
    await link(join(root.path, staged!), join(root.path, 'data.csv'));

    const continued = await failureOf(stageText(store, 'data.csv', ' and more', { after: token }));
    await stageText(store, 'data.csv', 'from the start');

    expect(continued).toMatchObject({ code: 'STAGED_DATA_LOST' });
    expect(await root.files()).toEqual({ 'data.csv': 'published' });
  });

  it('says that staged data is lost when it is missing or shorter than its token', async () => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    const token = await stageText(store, 'data.csv', 'abc');
    const [staged] = await root.staged();
    await writeFile(join(root.path, staged!), 'ab');

    const shorter = await failureOf(stageText(store, 'data.csv', 'd', { after: token }));
    await rm(join(root.path, staged!));
    const missing = await failureOf(stageText(store, 'data.csv', 'd', { after: token }));

    expect(shorter).toMatchObject({ code: 'STAGED_DATA_LOST' });
    expect(missing).toMatchObject({ code: 'STAGED_DATA_LOST' });
  });

  it('discards what was not prepared: all of a fresh file, or all behind the token', async () => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    const token = await stageText(store, 'kept', 'safe');

    for (const [path, after] of [
      ['fresh', undefined],
      ['kept', token],
    ] as const) {
      const options = { onExisting: 'create' as const, stagingId: 'run', ...(after === undefined ? {} : { after }) };
      await using staged = await store.stage(path, options, ctx);
      await staged.write(Buffer.from('void'));
    }
    await store.publish([token], ctx);

    expect(await root.files()).toEqual({ kept: 'safe' });
    expect(await root.staged()).toEqual([]);
  });

  it('discards by token, by name and by folder, repeatably, and nothing of others or published', async () => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    const published = await stageText(store, 'f/published', '1');
    await store.publish([published], ctx);
    const token = await stageText(store, 'f/prepared', '2');
    await stageText(store, 'f/named', '3');
    await stageText(store, 'f/other', '4', { stagingId: 'another run' });
    await stageText(store, 'f/rest', '5');

    for (let round = 0; round < 2; round++) {
      await store.discard([published, token], ctx);
      await store.discardStaged('f/named', 'run', ctx);
    }
    const left = await root.staged();
    await store.discardStaged('f/', 'run', ctx);
    await store.discardStaged('nowhere/', 'run', ctx);

    expect(left).toHaveLength(2);
    expect(await root.staged()).toHaveLength(1);
    expect(await root.files()).toEqual({ 'f/published': '1' });
  });

  it('removes published files, repeatably', async () => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    await mkdir(join(root.path, 'a'));
    await writeFile(join(root.path, 'a/b'), 'x');

    await store.remove(['a/b', 'not/there'], ctx);
    await store.remove(['a/b'], ctx);

    expect(await root.files()).toEqual({});
  });

  it('rejects with the reason of an aborted signal', async () => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    const controller = new AbortController();
    const reason = new Error('cancelled');
    await using staged = await store.stage(
      'data',
      { onExisting: 'create', stagingId: 'run' },
      testContext({ signal: controller.signal }),
    );
    controller.abort(reason);

    expect(await failureOf(staged.write(Buffer.from('x')))).toBe(reason);
    expect(await failureOf(store.publish([{}], testContext({ signal: controller.signal })))).toBe(reason);
  });
});

describe('local store writes that died', () => {
  it('publishes what was prepared, without what an interrupted write left behind it', async () => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    const token = await stageText(store, 'data.csv', 'safe');
    const dead = await store.stage('data.csv', { onExisting: 'create', stagingId: 'run', after: token }, ctx);
    await dead.write(Buffer.from(' and void'));

    await localStore(root.path).publish([token], ctx);

    expect(await root.files()).toEqual({ 'data.csv': 'safe' });
    await dead[Symbol.asyncDispose]();
    expect(await root.files()).toEqual({ 'data.csv': 'safe' });
  });

  it('do not take away what a later attempt has staged under the same name', async () => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    const dead = await store.stage('data.csv', { onExisting: 'create', stagingId: 'run' }, ctx);
    const token = await stageText(store, 'data.csv', 'again');

    await dead[Symbol.asyncDispose]();
    await store.publish([token], ctx);

    expect(await root.files()).toEqual({ 'data.csv': 'again' });
  });
});
