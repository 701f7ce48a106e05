import type { Store } from '@sluice/core';

import type { Faults } from './fault-kind.ts';
import type { PluginHarness } from './plugin-harness.ts';

/** What the author of a store supplies: empty places, and stores over them. */
export interface StoreHarness extends PluginHarness {
  readonly kind: 'store';
  place(): Promise<StorePlace>;
}

export interface StorePlace extends AsyncDisposable {
  /** Another instance over the same place. Disposed of by the kit. */
  store(): Store;
  /** What is there besides published files. */
  leftovers?(): Promise<readonly string[]>;
  requests?(): number;
  /** The most of them there were at one time whose answer had not begun. */
  peakRequests?(): number;
  readonly faults?: Faults;
}
