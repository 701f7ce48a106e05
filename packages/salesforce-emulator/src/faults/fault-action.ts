import type { Sessions } from '../auth/sessions.ts';
import type { IngestJobs } from '../bulk-ingest/ingest-jobs.ts';
import type { QueryJobs } from '../bulk-query/query-jobs.ts';
import type { EmulatorClock } from '../emulator-clock.ts';
import type { IncomingRequest } from '../http/incoming-request.ts';
import type { Reply } from '../http/reply.ts';

/** What a fault may see and touch of the exchange it falls on. */
export interface FaultScene {
  readonly request: IncomingRequest;
  /** The job the request created or named; known once the org has answered. */
  readonly jobId: string | undefined;
  readonly clock: EmulatorClock;
  readonly sessions: Sessions;
  readonly jobs: QueryJobs;
  readonly ingestJobs: IngestJobs;
  /** Aborted when the connection is gone. A fault that waits must end then. */
  readonly closed: AbortSignal;
}

/** What goes wrong. Throwing a `ConnectionCut` in either place cuts the connection before the status line. */
export interface FaultAction {
  /** Before the org sees the request. A reply takes the place of the org's, and the request has no effect. */
  readonly before?: (scene: FaultScene) => Reply | undefined | Promise<Reply | undefined>;
  /** While the org reads the request's body: changes its bytes, or throws a `ConnectionCut` among them. */
  readonly upload?: (body: AsyncIterable<Uint8Array>, scene: FaultScene) => AsyncIterable<Uint8Array>;
  /** After the request has had its effect. Changes what is sent, its body included. */
  readonly after?: (reply: Reply, scene: FaultScene) => Reply | Promise<Reply>;
}
