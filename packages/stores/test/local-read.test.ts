import { chmod, mkdir, open, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { writeFailure } from '../src/local/local-error.ts';
import { localStore } from '../src/local/local-store.ts';
import { asOrdinaryUser, failureOf, stageText, tempRoot } from './temp-root.ts';
import { testContext } from './test-context.ts';

const ctx = testContext();

describe('local store reading', () => {
  it('lists files below a folder in path order, staged ones left out', async () => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    await mkdir(join(root.path, 'in/a/deep'), { recursive: true });
    for (const path of ['in/a/deep/z', 'in/a.csv', 'in/a/b', 'in/B', 'other'])
      await writeFile(join(root.path, path), 'x');
    await stageText(store, 'in/staged', 'x');

    const paths = async (folder: string): Promise<readonly string[]> =>
      (await Array.fromAsync(store.list(folder, ctx))).map(({ path }) => path);

    expect(await paths('in/')).toEqual(['in/B', 'in/a.csv', 'in/a/b', 'in/a/deep/z']);
    expect(await paths('')).toEqual(['in/B', 'in/a.csv', 'in/a/b', 'in/a/deep/z', 'other']);
    expect(await paths('missing/')).toEqual([]);
  });

  it('reads any range', async () => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    const content = Buffer.from(Array.from({ length: 600_000 }, (_, i) => i % 251));
    await writeFile(join(root.path, 'data'), content);
    const edge = fc.integer({ min: 0, max: content.length });

    expect(Buffer.concat(await Array.fromAsync(store.read('data', ctx))).equals(content)).toBe(true);
    await fc.assert(
      fc.asyncProperty(edge, edge, async (left, right) => {
        const [start, end] = left < right ? [left, right] : [right, left];

        const chunks = await Array.fromAsync(store.read('data', ctx, { start, end }));

        expect(Buffer.concat(chunks).equals(content.subarray(start, end))).toBe(true);
      }),
      { seed: 2, numRuns: 30 },
    );
  });

  it('says where a file ends within a range, and what is not there', async () => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    await writeFile(join(root.path, 'data'), 'abc');

    const short = await failureOf(Array.fromAsync(store.read('data', ctx, { start: 1, end: 9 })));
    const missing = await failureOf(Array.fromAsync(store.read('missing', ctx)));

    expect(short).toMatchObject({ code: 'FILE_CORRUPT', message: expect.stringContaining('byte 3') });
    expect(missing).toMatchObject({ code: 'NOT_FOUND', cause: { code: 'ENOENT' }, hint: expect.any(String) });
    expect(String(missing)).toContain(join(root.path, 'missing'));
    expect(await store.stat('missing', ctx)).toBeUndefined();
  });

  it('stops reading when the signal aborts', async () => {
    await using root = await tempRoot();
    await writeFile(join(root.path, 'data'), Buffer.alloc(1_000_000));
    const controller = new AbortController();
    const reason = new Error('enough');
    const bytes = localStore(root.path).read('data', testContext({ signal: controller.signal }));
    const chunks = bytes[Symbol.asyncIterator]();
    await chunks.next();

    controller.abort(reason);

    expect(await failureOf(chunks.next())).toBe(reason);
  });
});

describe('local store paths', () => {
  it.each([
    '',
    '/etc/passwd',
    '../up',
    'a/../../up',
    'a//b',
    './a',
    'a/.',
    'C:/a',
    'a\\b',
    'a\0b',
    'a\nb',
    '.sluice-staged-x',
    'f/',
  ])('refuse %j', async (path) => {
    await using root = await tempRoot();
    const store = localStore(root.path);
    const options = { onExisting: 'create' as const, stagingId: 'run' };

    expect(await failureOf(store.stage(path, options, ctx))).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(await failureOf(store.stat(path, ctx))).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(await failureOf(Array.fromAsync(store.read(path, ctx)))).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(await failureOf(store.remove([path], ctx))).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('refuse to leave the root through a symbolic link', async () => {
    await using outside = await tempRoot();
    await using root = await tempRoot();
    const store = localStore(root.path);
    await writeFile(join(outside.path, 'secret'), 'x');
    await writeFile(join(root.path, 'plain'), 'y');
    await symlink(outside.path, join(root.path, 'folder'));
    await symlink(join(outside.path, 'secret'), join(root.path, 'file'));
    await symlink(join(root.path, 'plain'), join(root.path, 'inside'));

    const refusals = [
      store.stage('folder/new', { onExisting: 'create', stagingId: 'run' }, ctx),
      store.stage('folder/deeper/new', { onExisting: 'create', stagingId: 'run' }, ctx),
      Array.fromAsync(store.read('file', ctx)),
      store.stat('folder/secret', ctx),
      Array.fromAsync(store.list('folder/', ctx)),
      store.remove(['folder/secret'], ctx),
      store.discardStaged('folder/', 'run', ctx),
    ];

    for (const failure of await Promise.all(refusals.map(failureOf))) {
      expect(failure).toMatchObject({ code: 'CONFIG_INVALID' });
    }
    expect((await Array.fromAsync(store.list('', ctx))).map(({ path }) => path)).toEqual(['inside', 'plain']);
    expect(await readdir(outside.path)).toEqual(['secret']);
  });

  it('may have a root that is itself a symbolic link', async () => {
    await using real = await tempRoot();
    await using root = await tempRoot();
    await symlink(real.path, join(root.path, 'link'));
    const store = localStore(join(root.path, 'link'));

    await store.publish([await stageText(store, 'a/b', 'x')], ctx);

    expect(await real.files()).toEqual({ 'a/b': 'x' });
  });
});

describe('local store checks', () => {
  it('accept a writable root, and one that can be created, without creating it', async () => {
    await using root = await tempRoot();

    await localStore(root.path).check(ctx);
    await localStore(join(root.path, 'new/deep')).check(ctx);

    expect(await readdir(root.path)).toEqual([]);
  });

  it('refuse a root that is a file, or below one', async () => {
    await using root = await tempRoot();
    await writeFile(join(root.path, 'file'), 'x');

    const isFile = await failureOf(localStore(join(root.path, 'file')).check(ctx));
    const belowFile = await failureOf(localStore(join(root.path, 'file/below')).check(ctx));

    expect(isFile).toMatchObject({ code: 'TARGET_UNWRITABLE', message: expect.stringContaining('not a folder') });
    expect(belowFile).toMatchObject({ code: 'TARGET_UNWRITABLE' });
  });

  it('refuse a path that cannot become a file, and none that can, without creating anything', async () => {
    await using root = await tempRoot();
    await mkdir(join(root.path, 'folder'));
    await writeFile(join(root.path, 'file'), 'x');
    const store = localStore(root.path);

    const refused = await Promise.all(
      ['folder', 'file/', 'file/below', 'file/below/'].map((path) => failureOf(store.check(ctx, path))),
    );
    for (const path of ['file', 'new', 'new/', 'new/deep', 'folder/', 'folder/new']) await store.check(ctx, path);

    expect(refused).toMatchObject([
      { code: 'TARGET_UNWRITABLE', message: `${join(root.path, 'folder')} is a folder` },
      { code: 'TARGET_UNWRITABLE', message: `${join(root.path, 'file')} is not a folder` },
      { code: 'TARGET_UNWRITABLE', message: `${join(root.path, 'file')} is not a folder` },
      { code: 'TARGET_UNWRITABLE', message: `${join(root.path, 'file')} is not a folder` },
    ]);
    expect(await readdir(root.path)).toEqual(['file', 'folder']);
  });

  it('refuse what leads out of the root', async () => {
    await using root = await tempRoot();
    await symlink('/tmp', join(root.path, 'away'));

    const refused = await failureOf(localStore(root.path).check(ctx, 'away/out/'));

    expect(refused).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('refuse a folder without write permission, as staging in it does', async () => {
    await using root = await tempRoot();
    await mkdir(join(root.path, 'closed'));
    await chmod(join(root.path, 'closed'), 0o555);

    const store = localStore(join(root.path, 'closed'));
    const checked = await failureOf(store.check(ctx));
    const staged = await asOrdinaryUser(() => failureOf(stageText(store, 'data.csv', 'x')));

    // The system answers the check for the user who started the process, and root may write anywhere.
    const refused = { code: 'TARGET_UNWRITABLE', cause: { code: 'EACCES' }, hint: expect.any(String) as string };
    expect(checked).toMatchObject(process.getuid?.() === 0 ? { resolvedWith: undefined } : refused);
    expect(staged).toMatchObject(refused);
    expect(String(staged)).toContain(join(root.path, 'closed/data.csv'));
  });

  it('call a full disk full', async () => {
    await using full = await open('/dev/full', 'w');
    const refused = await failureOf(full.write(Buffer.from('x')));

    const failure = writeFailure('out/data.csv', refused);

    expect(failure).toMatchObject({
      code: 'STORAGE_FULL',
      message: expect.stringContaining('out/data.csv'),
      cause: refused,
    });
  });

  it('refuse a root that is no path', () => {
    expect(() => localStore('')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
