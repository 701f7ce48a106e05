import { inject } from 'vitest';

import { rowsOf } from '../src/index.ts';
import { describeFormat } from '../src/vitest/describe-plugin.ts';
import { openedFormat } from './opened-format.ts';
import { formatHarness } from './plain-format.ts';

const harness = {
  ...formatHarness((format) => openedFormat(format)),
  name: 'plain format, opened',
  async rows(bytes: Uint8Array) {
    async function* input(): AsyncGenerator<Uint8Array, void, undefined> {
      yield bytes;
    }
    const { signal } = new AbortController();
    const batch = { rows: 1000, bytes: 1_048_576 };
    const deliveries = await Array.fromAsync(formatHarness().format().decode!(input(), { batch, signal }));
    return deliveries.flatMap((delivery) => rowsOf(delivery.batch));
  },
};

describeFormat(harness, { seed: inject('seed') });
