import type { Json, StageOptions, Store } from '@sluice/core';

import { ensure } from '../../check/check-failure.ts';
import { type CheckTools, kept } from '../../check/check-tools.ts';
import type { StoreHarness, StorePlace } from '../../harness/store-harness.ts';
import type { TestContext } from '../../tools/test-context.ts';

/** An empty place, and stores over it: another one for every call, as other processes have them. */
export interface StoreRun {
  readonly place: StorePlace;
  readonly test: TestContext;
  store(): Store;
  /** Stages text and gives the token, through JSON. */
  stage(path: string, text: string, options?: Partial<StageOptions>): Promise<Json>;
  publish(...tokens: readonly Json[]): Promise<void>;
  put(path: string, text: string): Promise<void>;
  read(path: string, range?: { readonly start: number; readonly end: number }): Promise<string>;
  paths(folder?: string): Promise<readonly string[]>;
  requireLeft(where: string): Promise<void>;
}

export async function startStore(harness: StoreHarness, tools: CheckTools): Promise<StoreRun> {
  const place = tools.use(await harness.place());
  const test = tools.context();
  const { ctx } = test;
  const store = (): Store => tools.use(place.store());
  const run: StoreRun = {
    place,
    test,
    store,
    async stage(path, text, options = {}) {
      await using staged = await store().stage(path, { onExisting: 'create', stagingId: 'run', ...options }, ctx);
      // In pieces, the last of which is empty.
      for (let at = 0; at <= text.length; at += 3) await staged.write(bytesOf(text.slice(at, at + 3)));
      return kept(await staged.prepare());
    },
    publish: (...tokens) => store().publish(tokens.map(kept), ctx),
    async put(path, text) {
      await run.publish(await run.stage(path, text));
    },
    async read(path, range) {
      return textOf(await Array.fromAsync(store().read(path, ctx, range)));
    },
    async paths(folder = '') {
      return (await Array.fromAsync(store().list(folder, ctx))).map(({ path }) => path);
    },
    async requireLeft(where) {
      const left = (await place.leftovers?.()) ?? [];
      ensure(left.length === 0, `${where}, ${left.join(', ')} is left`);
    },
  };
  return run;
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(pieces: readonly Uint8Array[]): string {
  return Buffer.concat(pieces).toString('utf8');
}
