import type { IncomingMessage, ServerResponse } from 'node:http';

import type { EmulatorParts } from '../emulator-parts.ts';
import type { FaultScene } from '../faults/fault-action.ts';
import type { FaultList } from '../faults/fault-list.ts';
import { ApiFault } from './api-fault.ts';
import { parseVersion } from './api-version.ts';
import { ConnectionCut } from './connection-cut.ts';
import { type IncomingRequest, incomingRequest, withPatchRead, withRequestBody } from './incoming-request.ts';
import { cutConnection, sendReply } from './reply-sender.ts';
import { faultReply, type Reply } from './reply.ts';
import type { LoggedRequest, RequestLog } from './request-log.ts';
import type { Router } from './router.ts';
import { UnverifiedFault } from './unverified-errors.ts';

/** Of the request line's URI, and of URI and headers together. */
const MOST_HEAD_BYTES = 16_384;

export interface RequestHandlerOptions {
  readonly parts: EmulatorParts;
  readonly router: Router;
  readonly faults: FaultList;
  readonly log: RequestLog;
}

/** Logs a request, lets faults have their say before and after the org, and sends the answer. Never rejects. */
export async function handleRequest(
  message: IncomingMessage,
  response: ServerResponse,
  { parts, router, faults, log }: RequestHandlerOptions,
): Promise<void> {
  let request = incomingRequest(message);
  const logged = log.start(request);
  const closing = new AbortController();
  response.on('close', () => {
    if (response.writableFinished) log.end(logged, 'answered');
    closing.abort();
  });
  const scene: FaultScene = {
    get request() {
      return request;
    },
    get jobId() {
      return logged.jobId;
    },
    clock: parts.clock,
    sessions: parts.sessions,
    jobs: parts.jobs,
    ingestJobs: parts.ingestJobs,
    closed: closing.signal,
  };
  const acceptsGzip = parts.options.gzip && /\bgzip\b/i.test(request.headers['accept-encoding'] ?? '');
  try {
    request = await withPatchRead(request);
    if (request.patch !== undefined) log.change(logged, { patch: request.patch });
    const actions = faults.take(request);
    let reply: Reply | undefined;
    for (const { before } of actions) reply ??= await before?.(scene);
    const received = actions.reduce(
      (changed, { upload }) =>
        upload === undefined ? changed : withRequestBody(changed, (body) => upload(body, scene)),
      request,
    );
    reply ??= await orgReply(received, logged, { parts, router, log });
    for (const { after } of actions) reply = after === undefined ? reply : await after(reply, scene);
    await sendReply(response, reply, { acceptsGzip, clock: parts.clock, log, logged });
  } catch (error) {
    const cut = error instanceof ConnectionCut ? error : undefined;
    if (cut === undefined) log.change(logged, { failure: error });
    if (closing.signal.aborted || message.errored !== null) log.end(logged, 'abandoned');
    cutConnection(response, { log, logged }, cut);
  } finally {
    // Whoever reads of it in the log may count on the org being done with the request.
    if (closing.signal.aborted) log.end(logged, 'abandoned');
  }
}

async function orgReply(
  request: IncomingRequest,
  logged: LoggedRequest,
  { parts, router, log }: Omit<RequestHandlerOptions, 'faults'>,
): Promise<Reply> {
  try {
    const reply = await route(request, logged, { parts, router, log });
    const isJson = reply.headers['Content-Type']?.startsWith('application/json') === true;
    if (!isJson || !isVersioned(request)) return reply;
    return { ...reply, headers: { ...reply.headers, 'Sforce-Limit-Info': parts.quotas.apiUsage } };
  } catch (error) {
    if (error instanceof UnverifiedFault) return faultReply(error.shapedBy(parts.options.errors));
    if (error instanceof ApiFault) return faultReply(error);
    if (error instanceof ConnectionCut) throw error;
    log.change(logged, { failure: error });
    const message = 'An unexpected error occurred. Please include this ErrorId if you contact support: 0-0 (0)';
    return faultReply(new ApiFault(500, 'UNKNOWN_EXCEPTION', message));
  }
}

async function route(
  request: IncomingRequest,
  logged: LoggedRequest,
  { parts, router, log }: Omit<RequestHandlerOptions, 'faults'>,
): Promise<Reply> {
  refuseLongHead(request);
  const version = isVersioned(request) ? parseVersion(request.segments[2] ?? '', parts.options) : 0;
  if (isVersioned(request)) authorize(request, parts);
  const { route: found, params } = router.find(request, version);
  if (!isVersioned(request) && found.open !== true) authorize(request, parts);
  return await found.handle({
    request,
    params,
    version: version === 0 ? '' : `${version}.0`,
    aboutJob: (jobId) => log.change(logged, { jobId }),
  });
}

function isVersioned({ segments }: IncomingRequest): boolean {
  return segments[0] === 'services' && segments[1] === 'data' && segments.length > 2;
}

function authorize({ headers }: IncomingRequest, { sessions, quotas }: EmulatorParts): void {
  sessions.use(headers.authorization);
  quotas.useApiCall();
}

function refuseLongHead({ path, query, headers }: IncomingRequest): void {
  const uriBytes = path.length + query.toString().length;
  if (uriBytes > MOST_HEAD_BYTES) throw new ApiFault(414, 'URI_TOO_LONG', 'The URI is too long');
  const headerBytes = Object.entries(headers).reduce(
    (sum, [name, value]) => sum + name.length + String(value).length,
    0,
  );
  if (uriBytes + headerBytes > MOST_HEAD_BYTES) {
    throw new ApiFault(431, 'REQUEST_HEADER_FIELDS_TOO_LARGE', 'URI and headers are too long');
  }
}
