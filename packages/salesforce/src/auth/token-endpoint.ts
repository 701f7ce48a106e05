import { SluiceError, type Clock } from '@sluice/core';
import type { Dispatcher } from 'undici';

import { connectionFault } from '../http/connection-fault.ts';
import { readText } from '../http/response-body.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import { faultOf } from '../http/salesforce-fault.ts';
import { headerText } from '../http/salesforce-http.ts';
import { VERSION } from '../version.ts';
import type { AuthRequest, AuthResponse } from './access-token.ts';

export interface TokenEndpointOptions {
  readonly dispatcher: () => Promise<Dispatcher>;
  readonly environmentUrl: string;
  readonly responseTimeoutMs: number;
  readonly stallTimeoutMs: number;
}

const MAX_ANSWER_BYTES = 256 * 1024;
const WHAT = 'log in';

/** What an `Auth` function gets to work with. */
export function createAuthRequest(options: TokenEndpointOptions, clock: Clock, signal: AbortSignal): AuthRequest {
  const { environmentUrl } = options;
  return {
    environmentUrl,
    signal,
    postForm: async (path, form) => await postForm(path, form, options, clock, signal),
  };
}

async function postForm(
  path: string,
  form: Readonly<Record<string, string>>,
  { dispatcher, environmentUrl, responseTimeoutMs, stallTimeoutMs }: TokenEndpointOptions,
  clock: Clock,
  signal: AbortSignal,
): Promise<AuthResponse> {
  const connections = await dispatcher();
  const {
    statusCode: status,
    headers,
    body,
  } = await connections
    .request({
      origin: environmentUrl,
      path,
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        'accept-encoding': 'identity',
        'sforce-call-options': `client=sluice/${VERSION}`,
      },
      body: new URLSearchParams(form).toString(),
      signal,
      headersTimeout: responseTimeoutMs,
      bodyTimeout: 0,
    })
    .catch((error: unknown) => {
      signal.throwIfAborted();
      throw connectionFault(WHAT, new URL(environmentUrl).host, error);
    });
  const contentEncoding = headerText(headers, 'content-encoding');
  const bodyText = await readText(body, { what: WHAT, contentEncoding, stallTimeoutMs, signal }, MAX_ANSWER_BYTES);
  const answer = { status, body: jsonObject(bodyText) };
  if (status < 300 || isOauthAnswer(answer)) return answer;
  throw faultOf(WHAT, {
    status,
    bodyText,
    location: headerText(headers, 'location'),
    retryAfterMs: retryAfterMs(headerText(headers, 'retry-after'), headerText(headers, 'date'), clock.now()),
  });
}

/** An OAuth endpoint refuses with an object that has an `error`; everything else is the edge's or a proxy's answer. */
function isOauthAnswer({ status, body }: AuthResponse): boolean {
  return status >= 400 && status < 500 && typeof body === 'object' && body !== null && 'error' in body;
}

function jsonObject(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** @throws `RESPONSE_INVALID` */
export function refuseAnswer(missing: string): never {
  throw new SluiceError('RESPONSE_INVALID', `${WHAT}: the token response has no ${missing}`, {
    hint: 'Check that environmentUrl is the My Domain of the org and that no proxy answers in its place.',
  });
}
