import { type Json, type Store, SluiceError } from '@sluice/core';

import type { StoreHarness } from '../src/index.ts';

interface Content {
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** What outlives a process. */
export class MemoryPlace {
  readonly published = new Map<string, Content>();
  /** By path and staging id. */
  readonly staged = new Map<string, Content>();
  requests = 0;
  nextId = 1;
}

type Token = {
  readonly version: number;
  readonly path: string;
  readonly key: string;
  readonly id: number;
  readonly length: number;
  readonly replaces: boolean;
};

/** Files in memory. Passes every check of a store. */
function memoryStore(place: MemoryPlace): Store {
  const { published, staged } = place;
  return {
    contractVersion: 1,
    name: 'memory',
    config: null,
    async check({ signal }) {
      signal.throwIfAborted();
      place.requests++;
    },
    async *list(folder, { signal }) {
      signal.throwIfAborted();
      if (folder !== '') requirePath(folder.slice(0, -1));
      for (const path of [...published.keys()].toSorted()) {
        if (path.startsWith(folder)) yield { path, byteLength: published.get(path)!.bytes.length, modifiedMs: 0 };
      }
    },
    async stat(path, { signal }) {
      signal.throwIfAborted();
      requirePath(path);
      const file = published.get(path);
      return file === undefined ? undefined : { path, byteLength: file.bytes.length, modifiedMs: 0 };
    },
    async *read(path, { signal }, { start, end } = { start: 0, end: published.get(path)?.bytes.length ?? 0 }) {
      requirePath(path);
      const file = published.get(path);
      if (file === undefined) throw new SluiceError('NOT_FOUND', `${path} is not there`);
      if (end > file.bytes.length) throw new SluiceError('FILE_CORRUPT', `${path} ends within the range`);
      for (let at = start; at < end; at += 65_536) {
        signal.throwIfAborted();
        yield file.bytes.slice(at, Math.min(end, at + 65_536));
      }
    },
    async stage(path, { onExisting, stagingId, after }, { signal }) {
      signal.throwIfAborted();
      requirePath(path);
      const key = keyOf(path, stagingId);
      const before = after === undefined ? undefined : tokenIn(after);
      const start = before === undefined ? undefined : staged.get(before.key);
      if (before !== undefined && start?.id !== before.id) throw lost(path);
      const id = before?.id ?? place.nextId++;
      let bytes = start?.bytes.slice(0, before!.length) ?? new Uint8Array(0);
      let isPrepared = false;
      staged.set(key, { id, bytes });
      return {
        async write(more) {
          signal.throwIfAborted();
          bytes = Buffer.concat([bytes, more]);
          staged.set(key, { id, bytes });
        },
        async prepare() {
          isPrepared = true;
          return { version: 1, path, key, id, length: bytes.length, replaces: onExisting === 'replace' };
        },
        async [Symbol.asyncDispose]() {
          if (!isPrepared && before === undefined && staged.get(key)?.id === id) staged.delete(key);
        },
      };
    },
    async publish(tokens, { signal }) {
      signal.throwIfAborted();
      for (const { path, key, id, length, replaces } of tokens.map(tokenIn)) {
        if (published.get(path)?.id === id) continue;
        const content = staged.get(key);
        if (content?.id !== id) throw lost(path);
        if (!replaces && published.has(path)) throw new SluiceError('TARGET_EXISTS', `${path} is there`);
        published.set(path, { id, bytes: content.bytes.slice(0, length) });
        staged.delete(key);
      }
    },
    async discard(tokens, { signal }) {
      signal.throwIfAborted();
      for (const { key, id } of tokens.map(tokenIn)) if (staged.get(key)?.id === id) staged.delete(key);
    },
    async discardStaged(path, stagingId, { signal }) {
      signal.throwIfAborted();
      for (const key of staged.keys()) {
        const [id, at] = key.split('\n');
        if (id === stagingId && (path.endsWith('/') ? at!.startsWith(path) : at === path)) staged.delete(key);
      }
    },
    async remove(paths, { signal }) {
      signal.throwIfAborted();
      for (const path of paths) {
        requirePath(path);
        published.delete(path);
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}

function keyOf(path: string, stagingId: string): string {
  return `${stagingId}\n${path}`;
}

function tokenIn(json: Json): Token {
  // Written by `prepare`.
  const token = json as Token;
  if (token.version !== 1) throw new SluiceError('POSITION_UNSUPPORTED', 'a token of another version');
  return token;
}

function requirePath(path: string): void {
  const isPlain = path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
  if (!isPlain) throw new SluiceError('CONFIG_INVALID', `the path ${JSON.stringify(path)} is not plain`);
}

function lost(path: string): SluiceError {
  return new SluiceError('STAGED_DATA_LOST', `the staged data of ${path} is gone`);
}

/** The store in memory, correct unless it is changed. */
export function storeHarness(change: (store: Store, place: MemoryPlace) => Store = (store) => store): StoreHarness {
  return {
    kind: 'store',
    name: 'memory store',
    async place() {
      const place = new MemoryPlace();
      return {
        store: () => change(memoryStore(place), place),
        leftovers: async () => [...place.staged.keys()],
        requests: () => place.requests,
        async [Symbol.asyncDispose]() {},
      };
    },
  };
}
