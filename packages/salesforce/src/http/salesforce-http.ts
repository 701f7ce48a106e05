import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

import { SluiceError, type Context, type Json, type RetryOptions } from '@sluice/core';
import type { Dispatcher } from 'undici';
import type * as z from 'zod';

import type { Login, Session, SessionKeeper } from '../auth/session.ts';
import type { ApiUsage } from '../org/api-usage.ts';
import { VERSION } from '../version.ts';
import { connectionFault } from './connection-fault.ts';
import { holdBody, readText, type BodyOptions, type ResponseBody } from './response-body.ts';
import { retryAfterMs } from './retry-after.ts';
import { faultOf, isSessionFault } from './salesforce-fault.ts';

/** Bytes to send in place of JSON. */
export interface Upload {
  readonly contentType: string;
  readonly bytes: Readable | Uint8Array;
  /** How many they are, where that is known ahead. */
  readonly byteLength?: number;
}

export interface OrgRequest {
  /** Names the request in errors and logs. */
  readonly what: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute path and query on the instance. */
  readonly path: string;
  readonly body?: Json;
  /** Sent as it is, once: when the session turns out dead, the request fails as one that is worth repeating as a whole. */
  readonly upload?: Upload;
  readonly accept?: 'application/json' | 'text/csv';
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it may be sent again; see the contract's `RetryOptions`. */
  readonly safe: RetryOptions['safe'];
  /** In all; by default as many as the run allows. */
  readonly attempts?: number;
  /** Clean-up may use the reserve: what is left running costs the org more than the call. */
  readonly ignoresReserve?: true;
  /** Ends this request alone; by default the context's signal does. */
  readonly signal?: AbortSignal;
}

export interface OrgAnswer<T> {
  readonly value: T;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** Requests to one org, with its session, budget, time-outs and faults. */
export interface SalesforceHttp {
  /** A JSON body checked against `schema`. @throws `RESPONSE_INVALID` when it does not fit. */
  json<T>(request: OrgRequest, schema: z.ZodType<T>, ctx: Context): Promise<OrgAnswer<T>>;
  /** A body as it comes; reading it and disposing of it is the caller's, outside the connection permit. */
  stream(request: OrgRequest, ctx: Context): Promise<OrgAnswer<ResponseBody>>;
  /** For answers without a body of interest. */
  send(request: OrgRequest, ctx: Context): Promise<OrgAnswer<undefined>>;
  session(ctx: Context): Promise<Session>;
  /** Milliseconds without progress of a body after which the connection counts as lost. */
  readonly stallTimeoutMs: number;
  /** The org's time, by the last `Date` it sent. */
  orgTimeMs(ctx: Context): number;
}

export interface SalesforceHttpOptions {
  readonly dispatcher: () => Promise<Dispatcher>;
  readonly keeper: () => Promise<SessionKeeper>;
  readonly login: Login;
  readonly usage: ApiUsage;
  readonly gzip: boolean;
  readonly responseTimeoutMs: number;
  readonly stallTimeoutMs: number;
  readonly connections: number | undefined;
}

const MAX_JSON_BYTES = 64 * 1024 * 1024;
const MAX_ERROR_BYTES = 256 * 1024;
/** Sessions a single request may see die before it gives up, when other requests prove that they were good. */
const MAX_SESSION_REFUSALS = 5;

type Receive<T> = (body: Readable, options: BodyOptions, status: number) => Promise<T> | T;

export function createSalesforceHttp(options: SalesforceHttpOptions): SalesforceHttp {
  const { usage, login, gzip, responseTimeoutMs, stallTimeoutMs, connections } = options;
  let clockOffsetMs = 0;

  async function exchange<T>(request: OrgRequest, receive: Receive<T>, ctx: Context): Promise<OrgAnswer<T>> {
    const { what, safe, attempts } = request;
    return await ctx.retry(() => withSession(request, receive, ctx), {
      what,
      safe,
      ...(attempts === undefined ? {} : { attempts }),
    });
  }

  /**
   * A session found dead is replaced and the request sent again. A replacement that no request was ever accepted with
   * means that the cause is not the session.
   */
  async function withSession<T>(request: OrgRequest, receive: Receive<T>, ctx: Context): Promise<OrgAnswer<T>> {
    const keeper = await options.keeper();
    let session = await keeper.current(login, ctx);
    for (let refusals = 1; ; refusals += 1) {
      const answer = await attempt(request, session, receive, ctx);
      if (!('refusal' in answer)) {
        if (answer.status < 400) keeper.markAccepted(session);
        return answer;
      }
      const isReplaced = (keeper.latest()?.number ?? 0) > session.number;
      const isFatal = refusals > 1 && !isReplaced && !keeper.wasAccepted(session);
      if (isFatal || refusals >= MAX_SESSION_REFUSALS) throw sessionFault(request.what, answer.refusal);
      session = await keeper.replace(session, login, ctx);
      if (request.upload !== undefined) throw refusedUpload(request.what, answer.refusal);
    }
  }

  async function attempt<T>(
    request: OrgRequest,
    session: Session,
    receive: Receive<T>,
    ctx: Context,
  ): Promise<OrgAnswer<T> | { readonly refusal: SluiceError }> {
    if (request.ignoresReserve !== true) usage.assertAboveReserve(request.what);
    const signal = request.signal ?? ctx.signal;
    const host = new URL(session.instanceUrl).host;
    const account = ctx.account(session.orgId ?? host, connections === undefined ? {} : { connections });
    return await account.call(async () => {
      const response = await dispatch(request, session, signal, host);
      const { statusCode: status, headers, body } = response;
      usage.observe(headerText(headers, 'sforce-limit-info'));
      observeClock(headers, ctx);
      const bodyOptions: BodyOptions = {
        what: request.what,
        contentEncoding: headerText(headers, 'content-encoding'),
        stallTimeoutMs,
        signal,
      };
      if ((status >= 200 && status < 300) || status === 304) {
        return { value: await receive(body, bodyOptions, status), status, headers };
      }
      const bodyText = await readErrorText(body, bodyOptions);
      const fault = faultOf(request.what, {
        status,
        bodyText,
        location: headerText(headers, 'location'),
        retryAfterMs: retryAfterMs(headerText(headers, 'retry-after'), headerText(headers, 'date'), ctx.clock.now()),
      });
      if (isSessionFault(status, bodyText)) return { refusal: fault };
      throw fault;
    });
  }

  async function dispatch(request: OrgRequest, session: Session, signal: AbortSignal, host: string) {
    const { what, method, body, upload } = request;
    try {
      const dispatcher = await options.dispatcher();
      return await dispatcher.request({
        origin: session.instanceUrl,
        path: singleSlashes(request.path),
        method,
        headers: {
          authorization: `Bearer ${session.token.reveal()}`,
          accept: request.accept ?? 'application/json',
          'accept-encoding': gzip ? 'gzip' : 'identity',
          'sforce-call-options': `client=sluice/${VERSION}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json; charset=UTF-8' }),
          ...(upload === undefined ? {} : { 'content-type': upload.contentType }),
          ...(upload?.byteLength === undefined ? {} : { 'content-length': String(upload.byteLength) }),
          ...request.headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // Whoever refuses an upload may leave the rest of it unread: nothing else is sent on its connection.
        ...(upload === undefined ? {} : { body: upload.bytes, reset: true }),
        signal,
        headersTimeout: responseTimeoutMs,
        bodyTimeout: 0,
      });
    } catch (error) {
      signal.throwIfAborted();
      // Of the body to send: the connection is as good as before.
      if (SluiceError.is(error)) throw error;
      throw connectionFault(what, host, error);
    }
  }

  function observeClock(headers: IncomingHttpHeaders, ctx: Context): void {
    const orgMs = Date.parse(headers.date ?? '');
    if (!Number.isNaN(orgMs)) clockOffsetMs = orgMs - ctx.clock.now();
  }

  return {
    json: async (request, schema, ctx) =>
      await exchange(
        request,
        async (body, bodyOptions) => parseJson(request.what, await readText(body, bodyOptions, MAX_JSON_BYTES), schema),
        ctx,
      ),
    stream: async (request, ctx) => await exchange(request, (body, bodyOptions) => holdBody(body, bodyOptions), ctx),
    send: async (request, ctx) =>
      await exchange(
        request,
        async (body, bodyOptions) => {
          await readText(body, bodyOptions, MAX_JSON_BYTES);
          return undefined;
        },
        ctx,
      ),
    stallTimeoutMs,
    session: async (ctx) => await (await options.keeper()).current(login, ctx),
    orgTimeMs: (ctx) => ctx.clock.now() + clockOffsetMs,
  };
}

/** The value of a header that is sent once. */
export function headerText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function parseJson<T>(what: string, text: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(jsonValue(what, text));
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.slice(0, 5).map(({ path }) => (path.length === 0 ? 'the body' : path.join('.')));
  throw new SluiceError('RESPONSE_INVALID', `${what}: the answer has not the documented shape: ${paths.join(', ')}`);
}

function jsonValue(what: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (/^\s*[[{]/.test(text)) throw new SluiceError('RESPONSE_TRUNCATED', `${what}: the answer is JSON cut short`);
    throw new SluiceError('RESPONSE_INVALID', `${what}: the answer is not JSON`, {
      hint: 'A proxy or a login page may have answered in place of the org.',
    });
  }
}

async function readErrorText(body: Readable, options: BodyOptions): Promise<string> {
  try {
    return await readText(body, options, MAX_ERROR_BYTES);
  } catch (error) {
    options.signal.throwIfAborted();
    if (SluiceError.is(error)) return '';
    throw error;
  }
}

/** A new session is there; what was sent of the body is gone. */
function refusedUpload(what: string, refusal: SluiceError): SluiceError {
  return new SluiceError('AUTH_REJECTED', `${what}: the session had ended before the upload`, {
    cause: refusal,
    retryable: true,
    ...(refusal.details === undefined ? {} : { details: refusal.details }),
  });
}

function sessionFault(what: string, refusal: SluiceError): SluiceError {
  return new SluiceError('AUTH_REJECTED', `${what}: a new session was refused like the one before it`, {
    cause: refusal,
    hint: 'Check that the connected app grants the `api` scope, that the user is not frozen, that API Access Control admits the app, and that sessions are not locked to another IP address.',
    ...(refusal.details === undefined ? {} : { details: refusal.details }),
  });
}

/** A double slash in a path is not found; the query is left alone. */
function singleSlashes(path: string): string {
  const query = path.indexOf('?');
  const pathname = query === -1 ? path : path.slice(0, query);
  return pathname.replaceAll(/\/{2,}/g, '/') + (query === -1 ? '' : path.slice(query));
}
