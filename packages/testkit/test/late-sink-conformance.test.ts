import { inject } from 'vitest';

import { describeSink } from '../src/vitest/describe-plugin.ts';
import { sinkHarness } from './memory-harness.ts';

describeSink(
  sinkHarness({
    options: { late: true, writers: 1, part: { rows: 9 } },
    harness: (harness) => ({ ...harness, name: 'memory sink with late verdicts', modes: ['create', 'append'] }),
  }),
  { seed: inject('seed'), long: inject('long') },
);

describeSink(
  sinkHarness({
    options: { late: true, commit: 'end' },
    harness: (harness) => ({ ...harness, name: 'memory sink with verdicts at the end', modes: ['append', 'upsert'] }),
  }),
  { seed: inject('seed'), long: inject('long') },
);
