import type { StagedWrite, Store } from '@sluice/core';

import { type MemoryPlace, storeHarness } from '../memory-store.ts';
import type { Mutant } from './mutant.ts';

function mutant(
  check: string,
  is: string,
  says: RegExp,
  change: (store: Store, place: MemoryPlace) => Partial<Store>,
): Mutant {
  return { check, is, says, harness: () => storeHarness((store, place) => ({ ...store, ...change(store, place) })) };
}

/** Methods of staged writes in the place of their own. */
function staging(change: (staged: StagedWrite) => Partial<StagedWrite>): (store: Store) => Partial<Store> {
  return (store) => ({
    async stage(...args) {
      const staged = await store.stage(...args);
      return { ...staged, ...change(staged) };
    },
  });
}

let reused: Uint8Array | undefined;

export const STORE_MUTANTS: readonly Mutant[] = [
  mutant('T1', 'lists what is staged', /while it is staged, a\/file is listed/, (store, place) => ({
    async *list(...args) {
      yield* store.list(...args);
      for (const key of place.staged.keys()) yield { path: key.split('\n')[1]!, byteLength: 0, modifiedMs: 0 };
    },
  })),
  mutant('T2', 'cannot publish twice', /STAGED_DATA_LOST/, (store, place) => ({
    async publish(tokens, ctx) {
      for (const file of place.published.values()) Object.assign(file, { id: -1 });
      await store.publish(tokens, ctx);
    },
  })),
  mutant('T3', 'replaces what it should not', /a path that is taken is published to with `create`/, (store) => ({
    publish: (tokens, ctx) =>
      store.publish(
        tokens.map((token) => ({ ...(token as object), replaces: true })),
        ctx,
      ),
  })),
  mutant('T4', 'removes published files with the staged ones', /NOT_FOUND|after all was discarded/, (store, place) => ({
    async discard(tokens, ctx) {
      await store.discard(tokens, ctx);
      for (const token of tokens) place.published.delete(String(Reflect.get(token as object, 'path')));
    },
  })),
  mutant('T5', 'keeps what came after the token', /continued after an interruption, file holds/, (store, place) => ({
    stage: (path, options, ctx) => {
      const { after } = options;
      const length = [...place.staged.values()][0]?.bytes.length ?? 0;
      return store.stage(
        path,
        after === undefined ? options : { ...options, after: { ...(after as object), length } },
        ctx,
      );
    },
  })),
  mutant(
    'T6',
    'gives tokens without a version',
    /a token carries no version/,
    staging((staged) => ({
      prepare: async () => ({ ...((await staged.prepare()) as object), version: undefined }),
    })),
  ),
  mutant(
    'T7',
    'keeps the bytes it is given by reference',
    /with its buffer used again, file holds/,
    staging((staged) => {
      const kept: Uint8Array[] = [];
      return {
        write: async (bytes) => void kept.push(bytes),
        async prepare() {
          for (const bytes of kept) await staged.write(bytes);
          return await staged.prepare();
        },
      };
    }),
  ),
  mutant('T8', 'looks for paths outside', /`stat` takes the path/, () => ({ stat: async () => undefined })),
  mutant('T9', 'unescapes paths', /"percent%20" is not among the paths listed/, (store) => ({
    stage: (path, ...rest) => store.stage(path.includes('%20') ? decodeURIComponent(path) : path, ...rest),
  })),
  mutant('T10', 'lists by prefix', /folder a\/ is listed as/, (store) => ({
    async *list(folder, ctx) {
      for await (const file of store.list('', ctx)) if (file.path.startsWith(folder.replace(/\/$/, ''))) yield file;
    },
  })),
  mutant(
    'T11',
    'takes the end of a range for one more byte',
    /bytes 3 to 7 are "34567" instead of "3456"/,
    (store) => ({
      read: (path, ctx, range) =>
        store.read(path, ctx, range === undefined || range.end >= 10 ? range : { ...range, end: range.end + 1 }),
    }),
  ),
  mutant('T12', 'reads into one buffer', /piece \d+ has changed since it was read/, (store) => ({
    async *read(...args) {
      reused = undefined;
      for await (const bytes of store.read(...args)) {
        reused ??= new Uint8Array(bytes.length);
        reused.set(bytes.subarray(0, reused.length));
        yield reused.subarray(0, bytes.length);
      }
    },
  })),
];
