import { SluiceError } from '@sluice/core';

import { ensure, errorText, fail, rejectionOf } from '../../check/check-failure.ts';
import type { StoreCheck } from '../../check/check.ts';
import { bytesOf, startStore, textOf } from './store-run.ts';

const BAD_PATHS = ['../up', 'a/../../up', '/absolute', 'a//b', 'a/./b', '', '..'];
const ODD_PATHS = ['with blank', 'ünï', 'a.b.c', "quote'", 'percent%20', '#hash', 'plus+', 'UPPER/lower'];

export const pathsStayInside: StoreCheck = {
  id: 'T8',
  side: 'store',
  level: 'must',
  title: 'A path that leaves the root, or is no plain relative path, is CONFIG_INVALID for every operation.',
  reason: 'A path may come from data.',
  needs: [],
  async run(harness, tools) {
    const run = await startStore(harness, tools);
    const { ctx } = run.test;
    for (const path of BAD_PATHS) {
      const operations: Readonly<Record<string, () => Promise<unknown>>> = {
        stage: () => run.stage(path, 'x'),
        read: () => run.read(path),
        stat: () => run.store().stat(path, ctx),
        remove: () => run.store().remove([path], ctx),
      };
      for (const [name, operation] of Object.entries(operations)) {
        const error = await rejectionOf(operation, `\`${name}\` takes the path ${JSON.stringify(path)}`);
        ensure(
          SluiceError.is(error) && error.code === 'CONFIG_INVALID',
          `\`${name}\` refuses the path ${JSON.stringify(path)} with ${errorText(error)} instead of CONFIG_INVALID`,
        );
      }
    }
  },
};

export const oddPaths: StoreCheck = {
  id: 'T9',
  side: 'store',
  level: 'must',
  title: 'Paths with blanks, signs and any script are what they say.',
  reason: 'A path that is escaped twice is another path.',
  needs: [],
  async run(harness, tools) {
    const run = await startStore(harness, tools);
    for (const path of ODD_PATHS) await run.put(path, `text of ${path}`);
    const listed = await run.paths();
    for (const path of ODD_PATHS) {
      ensure(listed.includes(path), `${JSON.stringify(path)} is not among the paths listed`);
      ensure((await run.read(path)) === `text of ${path}`, `${JSON.stringify(path)} holds the text of another`);
    }
  },
};

export const listing: StoreCheck = {
  id: 'T10',
  side: 'store',
  level: 'must',
  title: 'A folder is listed in path order, with everything below it and nothing beside it.',
  reason: 'Splits come from listings, and their order must not change.',
  needs: [],
  async run(harness, tools) {
    const run = await startStore(harness, tools);
    const paths = ['b', 'a/2', 'a/10', 'a/1', 'a.txt', 'ab/x', 'a/z/deep'];
    for (const path of paths) await run.put(path, path);
    requireSame(await run.paths(), paths.toSorted(), 'the root');
    requireSame(await run.paths('a/'), paths.filter((path) => path.startsWith('a/')).toSorted(), 'folder a/');
    requireSame(await run.paths('none/'), [], 'a folder that is not there');
    await run.store().remove(['a/1', 'a/none'], run.test.ctx);
    await run.store().remove(['a/1'], run.test.ctx);
    requireSame(await run.paths('a/'), ['a/10', 'a/2', 'a/z/deep'], 'folder a/ with a file removed');
  },
};

export const ranges: StoreCheck = {
  id: 'T11',
  side: 'store',
  level: 'must',
  title: 'A range gives its bytes, no more and no fewer; one behind the end is an error.',
  reason: 'Formats with a footer read by place.',
  needs: [],
  async run(harness, tools) {
    const run = await startStore(harness, tools);
    await run.put('file', '0123456789');
    for (const [start, end] of [
      [0, 10],
      [3, 7],
      [9, 10],
      [4, 4],
    ] as const) {
      const found = await run.read('file', { start, end });
      const wanted = '0123456789'.slice(start, end);
      ensure(
        found === wanted,
        `bytes ${start} to ${end} are ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`,
      );
    }
    const error = await rejectionOf(() => run.read('file', { start: 5, end: 11 }), 'a range behind the end is read');
    ensure(SluiceError.is(error), `a range behind the end surfaces as ${errorText(error)}, which has no code`);
  },
};

export const readBuffers: StoreCheck = {
  id: 'T12',
  side: 'store',
  level: 'must',
  title: 'Bytes that were read stay as they are while more are read.',
  reason: 'They belong to whoever received them.',
  needs: [],
  async run(harness, tools) {
    const run = await startStore(harness, tools);
    const { ctx } = run.test;
    const text = 'abcdefghij'.repeat(60_000);
    await using staged = await run.store().stage('file', { onExisting: 'create', stagingId: 'run' }, ctx);
    await staged.write(bytesOf(text));
    await run.publish(await staged.prepare());
    const pieces = [];
    for await (const bytes of run.store().read('file', ctx)) pieces.push({ bytes, copy: bytes.slice() });
    const changed = pieces.findIndex(({ bytes, copy }) => Buffer.compare(bytes, copy) !== 0);
    if (changed >= 0) fail(`piece ${changed + 1} has changed since it was read`);
    ensure(textOf(pieces.map(({ bytes }) => bytes)) === text, 'a file of 600,000 bytes is read as another');
  },
};

function requireSame(found: readonly string[], wanted: readonly string[], what: string): void {
  ensure(found.join() === wanted.join(), `${what} is listed as ${found.join(', ')} instead of ${wanted.join(', ')}`);
}
