import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Json, StageOptions, Store } from '@sluice/core';

import { testContext } from './test-context.ts';

export interface TempRoot extends AsyncDisposable {
  readonly path: string;
  /** Every file below, hidden ones too, with its text. */
  files(): Promise<Record<string, string>>;
  /** The names of staged files. */
  staged(): Promise<readonly string[]>;
}

export async function tempRoot(): Promise<TempRoot> {
  const path = await mkdtemp(join(tmpdir(), 'sluice-local-'));
  await chmod(path, 0o755);
  const all = async (): Promise<Record<string, string>> => {
    const found: Record<string, string> = {};
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((one) => one.isFile())) {
      const absolute = join(entry.parentPath, entry.name);
      found[absolute.slice(path.length + 1)] = await readFile(absolute, 'utf8');
    }
    return found;
  };
  return {
    path,
    async files() {
      return Object.fromEntries(Object.entries(await all()).filter(([name]) => !name.includes('.sluice-staged-')));
    },
    async staged() {
      return Object.keys(await all()).filter((name) => name.includes('.sluice-staged-'));
    },
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true });
    },
  };
}

export async function stageText(
  store: Store,
  path: string,
  text: string,
  options: Partial<StageOptions> = {},
): Promise<Json> {
  await using staged = await store.stage(path, { onExisting: 'create', stagingId: 'run', ...options }, testContext());
  await staged.write(Buffer.from(text));
  return await staged.prepare();
}

export function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (value) => ({ resolvedWith: value }),
    (error: unknown) => error,
  );
}

/** Root may do everything, so where tests run as root the work is done as nobody. */
export async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
