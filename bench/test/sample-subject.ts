import { parquet } from '@sluice/formats/parquet';

import type { BenchSubject } from '../plugin/bench-subject.ts';
import { subject as firstParty } from '../plugin/first-party.ts';

export const subject: BenchSubject = {
  name: 'sample',
  source: (rows) => firstParty.source!(rows),
  format: () => parquet(),
};
