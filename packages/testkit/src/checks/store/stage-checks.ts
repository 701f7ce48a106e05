import { SluiceError } from '@sluice/core';

import { ensure, errorText, fail, rejectionOf } from '../../check/check-failure.ts';
import type { StoreCheck } from '../../check/check.ts';
import { requireState, requireVersionRefused } from '../json-state.ts';
import { bytesOf, startStore, type StoreRun } from './store-run.ts';

export const stagedIsInvisible: StoreCheck = {
  id: 'T1',
  side: 'store',
  level: 'must',
  title: 'What is staged is neither listed nor found nor read until it is published, and is then whole.',
  reason: 'A reader must never meet half a file.',
  needs: [],
  async run(harness, tools) {
    const run = await startStore(harness, tools);
    const token = await run.stage('a/file', 'all of it');
    await requireNothing(run, 'a/file', 'while it is staged');
    await run.publish(token);
    await requireText(run, 'a/file', 'all of it', 'once published');
    const stat = await run.store().stat('a/file', run.test.ctx);
    ensure(stat?.byteLength === 9, `a file of 9 bytes is said to have ${stat?.byteLength ?? 'none'}`);
    await run.requireLeft('once published');
  },
};

export const publishedOnce: StoreCheck = {
  id: 'T2',
  side: 'store',
  level: 'must',
  title: 'Publishing again, by another process too, changes nothing.',
  reason: 'A commit is repeated when its reply is lost.',
  needs: [],
  async run(harness, tools) {
    const run = await startStore(harness, tools);
    const tokens = [await run.stage('a', 'one'), await run.stage('b', 'two')];
    await run.publish(tokens[0]!);
    await run.publish(...tokens);
    await run.publish(...tokens);
    await requireText(run, 'a', 'one', 'published three times');
    await requireText(run, 'b', 'two', 'published twice');
  },
};

export const existingPath: StoreCheck = {
  id: 'T3',
  side: 'store',
  level: 'must',
  title: 'With `create` a path that is taken by then is TARGET_EXISTS; with `replace` it is taken over.',
  reason: 'Nobody overwrites by accident.',
  needs: [],
  async run(harness, tools) {
    const run = await startStore(harness, tools);
    const late = await run.stage('file', 'late', { stagingId: 'late' });
    await run.put('file', 'first');
    const error = await rejectionOf(() => run.publish(late), 'a path that is taken is published to with `create`');
    ensure(
      SluiceError.is(error) && error.code === 'TARGET_EXISTS',
      `a path that is taken is refused with ${errorText(error)} instead of TARGET_EXISTS`,
    );
    await requireText(run, 'file', 'first', 'after the refusal');
    await run.publish(await run.stage('file', 'second', { onExisting: 'replace' }));
    await requireText(run, 'file', 'second', 'replaced');
  },
};

export const discarded: StoreCheck = {
  id: 'T4',
  side: 'store',
  level: 'must',
  title: 'Staged data is discarded by token or by name, repeatedly; published files are left alone.',
  reason: 'A failed run must leave nothing, and take nothing from another.',
  needs: [],
  async run(harness, tools) {
    const run = await startStore(harness, tools);
    const published = await run.stage('folder/kept', 'kept');
    await run.publish(published);
    const dropped = await run.stage('folder/dropped', 'dropped');
    for (let n = 0; n < 2; n++) await run.store().discard([dropped, published], run.test.ctx);
    await run.requireLeft('discarded by token');
    await run.stage('folder/a', 'a');
    await run.stage('folder/b', 'b');
    for (let n = 0; n < 2; n++) await run.store().discardStaged('folder/a', 'run', run.test.ctx);
    for (let n = 0; n < 2; n++) await run.store().discardStaged('folder/', 'run', run.test.ctx);
    await run.requireLeft('discarded by name');
    await requireText(run, 'folder/kept', 'kept', 'after all was discarded');
    const error = await rejectionOf(() => run.publish(dropped), 'discarded data is published');
    ensure(
      SluiceError.is(error) && error.code === 'STAGED_DATA_LOST',
      `discarded data is published with ${errorText(error)} instead of STAGED_DATA_LOST`,
    );
  },
};

export const stagedGoesOn: StoreCheck = {
  id: 'T5',
  side: 'store',
  level: 'must',
  title: 'A staged write goes on behind an earlier token, in another process; what came after that token is void.',
  reason: 'A file that is written part by part is resumed where its journal ends.',
  needs: [],
  async run(harness, tools) {
    const run = await startStore(harness, tools);
    const { ctx } = run.test;
    const first = await run.stage('file', 'one ');
    const abandoned = await run.store().stage('file', { onExisting: 'create', stagingId: 'run', after: first }, ctx);
    await abandoned.write(bytesOf('void'));
    tools.use(abandoned);
    await run.stage('file', 'void too', { after: first });
    const second = await run.stage('file', 'two', { after: first });
    await run.publish(second);
    await requireText(run, 'file', 'one two', 'continued after an interruption');
  },
};

export const tokenState: StoreCheck = {
  id: 'T6',
  side: 'store',
  level: 'must',
  title: 'A token is small JSON with a version, and an unknown version is refused.',
  reason: 'A journal outlives the version that wrote it.',
  needs: [],
  async run(harness, tools) {
    const run = await startStore(harness, tools);
    const token = await run.stage('file', 'text');
    requireState(token, 'a token', 8192);
    await requireVersionRefused(token, 'a token', (other) => run.publish(other));
  },
};

export const endedWrite: StoreCheck = {
  id: 'T7',
  side: 'store',
  level: 'must',
  title: 'A write that ends without `prepare` leaves nothing, and bytes may be used again once `write` has resolved.',
  reason: 'Buffers are reused, and failed writes are common.',
  needs: [],
  async run(harness, tools) {
    const run = await startStore(harness, tools);
    const { ctx } = run.test;
    {
      await using staged = await run.store().stage('file', { onExisting: 'create', stagingId: 'run' }, ctx);
      await staged.write(bytesOf('never'));
    }
    await run.requireLeft('after a write ended without `prepare`');
    await using staged = await run.store().stage('file', { onExisting: 'create', stagingId: 'run' }, ctx);
    const buffer = bytesOf('first');
    await staged.write(buffer);
    buffer.fill(0x78);
    const token = await staged.prepare();
    await run.publish(token);
    await requireText(run, 'file', 'first', 'with its buffer used again');
  },
};

async function requireText(run: StoreRun, path: string, text: string, where: string): Promise<void> {
  const found = await run.read(path);
  if (found !== text) fail(`${where}, ${path} holds ${JSON.stringify(found)} instead of ${JSON.stringify(text)}`);
}

async function requireNothing(run: StoreRun, path: string, where: string): Promise<void> {
  const listed = await run.paths();
  ensure(listed.length === 0, `${where}, ${listed.join(', ')} is listed`);
  ensure((await run.store().stat(path, run.test.ctx)) === undefined, `${where}, ${path} is found`);
  const error = await rejectionOf(() => run.read(path), `${where}, ${path} is read`);
  ensure(
    SluiceError.is(error) && error.code === 'NOT_FOUND',
    `${where}, reading ${path} fails with ${errorText(error)} instead of NOT_FOUND`,
  );
}
