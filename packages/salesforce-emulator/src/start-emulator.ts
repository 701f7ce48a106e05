import { randomBytes } from 'node:crypto';

import { Sessions } from './auth/sessions.ts';
import { IngestJobs } from './bulk-ingest/ingest-jobs.ts';
import { QueryJobs } from './bulk-query/query-jobs.ts';
import { EmulatorClock } from './emulator-clock.ts';
import { type EmulatorOptions, emulatorOptionsSchema } from './emulator-options.ts';
import type { EmulatorParts } from './emulator-parts.ts';
import { emulatorRoutes } from './emulator-routes.ts';
import { FaultList } from './faults/fault-list.ts';
import { listen } from './http/local-server.ts';
import { handleRequest } from './http/request-handler.ts';
import { RequestLog } from './http/request-log.ts';
import { Router } from './http/router.ts';
import { JobNumbers } from './job-numbers.ts';
import { openDefaultOrg } from './org/default-org.ts';
import type { Org } from './org/org.ts';
import { QueryCursors } from './rest/query-cursors.ts';
import { Quotas } from './rest/quotas.ts';

export interface StartEmulatorOptions extends EmulatorOptions {
  /** The org to serve, which stays the caller's to dispose of; default: the one over real data. */
  readonly org?: Org;
}

/** An org on localhost. */
export interface Emulator extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly org: Org;
  readonly clock: EmulatorClock;
  /** Every request so far. */
  readonly requests: RequestLog;
  readonly faults: FaultList;
  readonly sessions: Sessions;
  readonly jobs: QueryJobs;
  readonly ingestJobs: IngestJobs;
  /** Open results of REST queries. */
  readonly cursors: QueryCursors;
  readonly quotas: Quotas;
}

/**
 * Starts an org on 127.0.0.1 and resolves when it takes requests. Disposing of it closes every connection.
 *
 * @throws when an option is not valid, or the port is taken.
 */
export async function startEmulator({ org: givenOrg, ...given }: StartEmulatorOptions = {}): Promise<Emulator> {
  const options = emulatorOptionsSchema.parse(given);
  const server = await listen(options.port);
  const org = givenOrg ?? openDefaultOrg();
  const clock = new EmulatorClock(options.clock);
  const quotas = new Quotas(clock, options.quotas);
  const numbers = new JobNumbers();
  const parts: EmulatorParts = {
    url: server.url,
    clientId: options.clientId ?? `3MVG9${randomBytes(24).toString('base64url')}`,
    clientSecret: options.clientSecret ?? randomBytes(32).toString('hex').toUpperCase(),
    options,
    org,
    clock,
    sessions: new Sessions(org.orgId, clock, options.session),
    quotas,
    cursors: new QueryCursors(clock, options.query.cursorTtlMs),
    jobs: new QueryJobs({ org, clock, quotas, numbers, options }),
    ingestJobs: new IngestJobs({ org, clock, quotas, numbers, options }),
  };
  const router = new Router(emulatorRoutes(parts));
  const requests = new RequestLog(clock, options.loggedRequests);
  const faults = new FaultList();
  server.serve((message, response) => handleRequest(message, response, { parts, router, faults, log: requests }));

  const { url, clientId, clientSecret, sessions, cursors, jobs, ingestJobs } = parts;
  return {
    url,
    clientId,
    clientSecret,
    org,
    clock,
    requests,
    faults,
    sessions,
    jobs,
    ingestJobs,
    cursors,
    quotas,
    async [Symbol.asyncDispose]() {
      requests.close();
      await server[Symbol.asyncDispose]();
      jobs[Symbol.dispose]();
      await ingestJobs[Symbol.asyncDispose]();
      cursors[Symbol.dispose]();
      if (givenOrg === undefined) org[Symbol.dispose]();
    },
  };
}
