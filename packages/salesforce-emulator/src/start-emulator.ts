import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Sessions } from './auth/sessions.ts';
import { tokenRoute } from './auth/token-endpoint.ts';
import { userinfoRoute } from './auth/userinfo-endpoint.ts';
import { jobRoutes } from './bulk-query/job-routes.ts';
import { QueryJobs } from './bulk-query/query-jobs.ts';
import { resultRoutes } from './bulk-query/result-routes.ts';
import { describeRoutes } from './describe/describe-routes.ts';
import { EmulatorClock } from './emulator-clock.ts';
import { type EmulatorOptions, emulatorOptionsSchema } from './emulator-options.ts';
import type { EmulatorParts } from './emulator-parts.ts';
import { FaultList } from './faults/fault-list.ts';
import { handleRequest } from './http/request-handler.ts';
import { RequestLog } from './http/request-log.ts';
import { Router } from './http/router.ts';
import { openDefaultOrg } from './org/default-org.ts';
import type { Org } from './org/org.ts';
import { limitsRoutes } from './rest/limits-routes.ts';
import { QueryCursors } from './rest/query-cursors.ts';
import { queryRoutes, recordRoute } from './rest/query-routes.ts';
import { Quotas } from './rest/quotas.ts';
import { resourceRoutes } from './rest/resource-routes.ts';

/** Heads longer than Salesforce's own bound are refused by the emulator, not by the parser below it. */
const MOST_HEADER_BYTES = 131_072;
const KEEP_ALIVE_MS = 60_000;

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
  const org = givenOrg ?? openDefaultOrg();
  const clock = new EmulatorClock({
    frozen: options.clock.frozen,
    ...(options.clock.startMs === undefined ? {} : { startMs: options.clock.startMs }),
  });
  const quotas = new Quotas(clock, options.quotas);
  const server = createServer({ maxHeaderSize: MOST_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address with a port.
  const { port } = server.address() as AddressInfo;

  const parts: EmulatorParts = {
    url: `http://127.0.0.1:${port}`,
    clientId: options.clientId ?? `3MVG9${randomBytes(24).toString('base64url')}`,
    clientSecret: options.clientSecret ?? randomBytes(32).toString('hex').toUpperCase(),
    options,
    org,
    clock,
    sessions: new Sessions(org.orgId, clock, options.session),
    quotas,
    cursors: new QueryCursors(clock, options.query.cursorTtlMs),
    jobs: new QueryJobs({ org, clock, quotas, options }),
  };
  const router = new Router([
    tokenRoute(parts),
    userinfoRoute(parts),
    ...resourceRoutes(parts),
    ...limitsRoutes(parts),
    ...describeRoutes(parts),
    ...queryRoutes(parts),
    recordRoute(parts),
    ...jobRoutes(parts),
    ...resultRoutes(parts),
  ]);
  const requests = new RequestLog(clock);
  const faults = new FaultList();
  const running = new Set<Promise<void>>();
  server.on('request', (message, response) => {
    const handled = handleRequest(message, response, { parts, router, faults, log: requests });
    running.add(handled);
    void handled.finally(() => running.delete(handled));
  });
  const { url, clientId, clientSecret, sessions, cursors, jobs } = parts;
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
    cursors,
    quotas,
    async [Symbol.asyncDispose]() {
      requests.close();
      const isClosed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await isClosed;
      await Promise.all(running);
      jobs[Symbol.dispose]();
      cursors[Symbol.dispose]();
      if (givenOrg === undefined) org[Symbol.dispose]();
    },
  };
}
