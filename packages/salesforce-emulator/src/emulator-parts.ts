import type { Sessions } from './auth/sessions.ts';
import type { IngestJobs } from './bulk-ingest/ingest-jobs.ts';
import type { QueryJobs } from './bulk-query/query-jobs.ts';
import type { EmulatorClock } from './emulator-clock.ts';
import type { EmulatorSettings } from './emulator-options.ts';
import type { Org } from './org/org.ts';
import type { QueryCursors } from './rest/query-cursors.ts';
import type { Quotas } from './rest/quotas.ts';

/** What the routes of one emulator share. */
export interface EmulatorParts {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly options: EmulatorSettings;
  readonly org: Org;
  readonly clock: EmulatorClock;
  readonly sessions: Sessions;
  readonly quotas: Quotas;
  readonly cursors: QueryCursors;
  readonly jobs: QueryJobs;
  readonly ingestJobs: IngestJobs;
}
