import { type StoreHarness } from '@sluice/testkit';
import { describeStore } from '@sluice/testkit/vitest';
import { inject } from 'vitest';

import { localStore } from '../src/local/local-store.ts';
import { tempRoot } from './temp-root.ts';

const local: StoreHarness = {
  kind: 'store',
  name: 'local',
  badOptions: [{ what: 'an empty root', mentions: 'root', make: () => localStore('') }],
  async place() {
    const root = await tempRoot();
    return {
      store: () => localStore(root.path),
      leftovers: () => root.staged(),
      [Symbol.asyncDispose]: () => root[Symbol.asyncDispose](),
    };
  },
};

describeStore(local, { seed: inject('seed'), long: inject('long'), record: 'conformance/local.json' });
