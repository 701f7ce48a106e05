import { inject } from 'vitest';

import { describeFormat, describeSink, describeSource, describeStore } from '../src/vitest/describe-plugin.ts';
import { sinkHarness, sourceHarness } from '../test/memory-harness.ts';
import { storeHarness } from '../test/memory-store.ts';
import { formatHarness } from '../test/plain-format.ts';

const options = { seed: inject('seed'), long: true };

describeSource(sourceHarness(), options);
describeSink(sinkHarness(), options);
describeSink(
  sinkHarness({
    options: { commit: 'part', writers: 1, part: { rows: 9 } },
    harness: (harness) => ({ ...harness, name: 'memory sink, part by part', modes: ['create', 'append'] }),
  }),
  options,
);
describeFormat(formatHarness(), options);
describeStore(storeHarness(), options);
