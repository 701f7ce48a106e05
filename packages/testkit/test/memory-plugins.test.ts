import { inject } from 'vitest';

import { describeFormat, describeSink, describeSource, describeStore } from '../src/vitest/describe-plugin.ts';
import { sinkHarness, sourceHarness } from './memory-harness.ts';
import { storeHarness } from './memory-store.ts';
import { formatHarness } from './plain-format.ts';

const seed = inject('seed');

describeSource(sourceHarness(), { seed });
describeSink(sinkHarness(), { seed });
describeSink(
  sinkHarness({
    options: { commit: 'part', writers: 1, part: { rows: 9 } },
    harness: (harness) => ({ ...harness, name: 'memory sink, part by part', modes: ['create', 'append'] }),
  }),
  { seed },
);
describeFormat(formatHarness(), { seed });
describeStore(storeHarness(), { seed });
