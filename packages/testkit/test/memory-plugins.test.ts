import { inject } from 'vitest';

import { describeSink, describeSource } from '../src/vitest/describe-plugin.ts';
import { sinkHarness, sourceHarness } from './memory-harness.ts';

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
