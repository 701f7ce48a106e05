import type { Sessions } from '../auth/sessions.ts';
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
  /** Aborted when the connection is gone. A fault that waits must end then. */
  readonly closed: AbortSignal;
}

/** What goes wrong. Throwing a `ConnectionCut` in either place cuts the connection before the status line. */
export interface FaultAction {
  /** Before the org sees the request. A reply takes the place of the org's, and the request has no effect. */
  readonly before?: (scene: FaultScene) => Reply | undefined | Promise<Reply | undefined>;
  /** After the request has had its effect. Changes what is sent, its body included. */
  readonly after?: (reply: Reply, scene: FaultScene) => Reply | Promise<Reply>;
}
