import { type LoginRefusal, loginRefusalReply } from '../auth/login-refusal.ts';
import type { EmulatorClock } from '../emulator-clock.ts';
import { emptyReply, jsonReply, type Reply } from '../http/reply.ts';
import type { FaultAction } from './fault-action.ts';

const ERROR_CODES: Readonly<Record<number, readonly [errorCode: string, message: string]>> = {
  401: ['INVALID_SESSION_ID', 'Session expired or invalid'],
  403: ['REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'],
  404: ['NOT_FOUND', 'The requested resource does not exist'],
  500: ['UNKNOWN_EXCEPTION', 'An unexpected error occurred. Please include this ErrorId: 1-1 (1)'],
  503: ['SERVER_UNAVAILABLE', 'Server unavailable'],
};

export interface AnswerOptions {
  /** The error array, a page of HTML as proxies send it, or nothing. Default `json`. */
  readonly body?: 'json' | 'html' | 'empty';
  /** Default: the usual ones of the status. */
  readonly errorCode?: string;
  readonly message?: string;
  /** Of `Retry-After`: seconds, or a time, which is sent as an HTTP date. */
  readonly retryAfter?: number | Date;
  /** Whether seconds are sent as the HTTP date they end at, by the clock of the org. Default false. */
  readonly retryAfterAsDate?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** The org sees the request, which has its effect, and only the answer is this one. Default false. */
  readonly afterEffect?: boolean;
}

/** An answer other than the org's. */
export function answerWith(status: number, options: AnswerOptions = {}): FaultAction {
  if (options.afterEffect === true) return { after: (_reply, { clock }) => answer(status, options, clock) };
  return { before: ({ clock }) => answer(status, options, clock) };
}

/** The token endpoint refuses. */
export function refuseLogin(refusal: LoginRefusal): FaultAction {
  return { before: () => loginRefusalReply(refusal) };
}

function answer(
  status: number,
  { body = 'json', errorCode, message, retryAfter, retryAfterAsDate, headers }: AnswerOptions,
  clock: EmulatorClock,
): Reply {
  const when =
    typeof retryAfter === 'number' && retryAfterAsDate === true
      ? new Date(clock.now() + retryAfter * 1000)
      : retryAfter;
  const sent = {
    ...(when === undefined ? {} : { 'Retry-After': typeof when === 'number' ? String(when) : when.toUTCString() }),
    ...headers,
  };
  if (body === 'empty') return { ...emptyReply(status), headers: sent };
  if (body === 'html') {
    const html = `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`;
    return { status, headers: { 'Content-Type': 'text/html; charset=utf-8', ...sent }, body: [Buffer.from(html)] };
  }
  const [usualCode, usualMessage] = ERROR_CODES[status] ?? ['UNKNOWN_EXCEPTION', 'An unexpected error occurred'];
  const error = { message: message ?? usualMessage, errorCode: errorCode ?? usualCode };
  return jsonReply([error], { status, headers: sent });
}
