import { inject } from 'vitest';

import { describeFormat, describeSink, describeSource, describeStore } from '../src/vitest/describe-plugin.ts';
import { sinkHarness, sourceHarness } from './memory-harness.ts';
import { storeHarness } from './memory-store.ts';
import { formatHarness } from './plain-format.ts';

const seed = inject('seed');
const long = inject('long');

describeSource(sourceHarness(), { seed, long });
describeSink(sinkHarness(), { seed, long });
describeSink(
  sinkHarness({
    options: { commit: 'part', writers: 1, part: { rows: 9 } },
    harness: (harness) => ({ ...harness, name: 'memory sink, part by part', modes: ['create', 'append'] }),
  }),
  { seed, long },
);
describeFormat(formatHarness(), { seed, long });
describeStore(storeHarness(), { seed, long });
