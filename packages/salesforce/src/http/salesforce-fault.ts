import { SluiceError, type ErrorCode } from '@sluice/core';

import { errorDetail } from './error-detail.ts';
import { normalizeCode, parseErrorBody, type ErrorBody, type RemoteError } from './salesforce-error-body.ts';

/** What of a refused response tells the fault. */
export interface RefusedResponse {
  readonly status: number;
  readonly bodyText: string;
  readonly location: string | undefined;
  readonly retryAfterMs: number | undefined;
}

interface Verdict {
  readonly code: ErrorCode;
  readonly hint?: string;
  readonly retryable?: boolean;
}

const API_HINT =
  'Use an edition with API access (Enterprise, Unlimited, Performance, Developer, or Professional with the add-on) and give the user the API Enabled permission.';
const PROXY_HINT = 'Check the proxy: pass `proxy` with its user and password, a `dispatcher`, or extend NO_PROXY.';
const SESSION_HINT =
  'Check that the connected app grants the `api` scope, that the user is not frozen and may use the API (API Access Control), and that the session is not locked to another IP address.';
const HIDDEN_HINT = 'Check the spelling, and that the user may see it: field-level security hides fields.';
const QUOTA_HINT = 'Wait until the rolling 24 hours have freed some of the allocation, or raise it.';

/** By code in one spelling; where several errors came in one body, the first that is listed decides. */
const BY_CODE: Readonly<Record<string, Verdict>> = {
  INVALIDSESSIONID: { code: 'AUTH_REJECTED', hint: SESSION_HINT },
  INVALIDAUTHHEADER: { code: 'AUTH_REJECTED', hint: SESSION_HINT },
  APIDISABLEDFORORG: { code: 'PERMISSION_DENIED', hint: API_HINT },
  APICURRENTLYDISABLED: { code: 'PERMISSION_DENIED', hint: API_HINT },
  INSUFFICIENTACCESS: { code: 'PERMISSION_DENIED', hint: 'Give the user the permission the message names.' },
  INSUFFICIENTACCESSORREADONLY: { code: 'PERMISSION_DENIED', hint: 'Give the user the permission the message names.' },
  FEATURENOTENABLED: { code: 'PERMISSION_DENIED', hint: 'Give the user the permission the message names.' },
  FUNCTIONALITYNOTENABLED: { code: 'PERMISSION_DENIED', hint: 'Give the user the permission the message names.' },
  INVALIDUSER: {
    code: 'PERMISSION_DENIED',
    hint: 'Use the user who created the job, or one with Manage Data Integrations.',
  },
  TXNSECURITYMETERINGERROR: {
    code: 'PERMISSION_DENIED',
    hint: 'A transaction security policy of the org blocks this.',
  },
  NOTFOUND: { code: 'NOT_FOUND' },
  MALFORMEDQUERY: { code: 'QUERY_INVALID' },
  NUMBEROUTSIDEVALIDRANGE: { code: 'QUERY_INVALID' },
  INVALIDFIELD: { code: 'FIELD_UNKNOWN', hint: HIDDEN_HINT },
  INVALIDTYPE: { code: 'OBJECT_UNKNOWN', hint: HIDDEN_HINT },
  INVALIDTYPEFOROPERATION: { code: 'QUERY_UNSUPPORTED' },
  INVALIDENTITY: { code: 'QUERY_UNSUPPORTED', hint: 'The Bulk API does not serve this object.' },
  EXTERNALOBJECTUNSUPPORTEDEXCEPTION: {
    code: 'QUERY_UNSUPPORTED',
    hint: 'The Bulk API does not serve external objects.',
  },
  QUERYTOOCOMPLICATED: {
    code: 'QUERY_UNSUPPORTED',
    hint: 'Leave formula fields out, or split the columns over several queries and join the results on Id.',
  },
  QUERYTIMEOUT: {
    code: 'REMOTE_REFUSED',
    hint: 'Narrow the query with a selective WHERE on an indexed field, and drop ORDER BY and LIMIT.',
  },
  LIMITEXCEEDED: { code: 'QUOTA_EXCEEDED', hint: QUOTA_HINT },
  EXCEEDEDQUOTA: { code: 'QUOTA_EXCEEDED', hint: QUOTA_HINT },
  STORAGELIMITEXCEEDED: { code: 'QUOTA_EXCEEDED', hint: 'Free storage in the org.' },
  SERVERUNAVAILABLE: { code: 'REMOTE_UNAVAILABLE' },
  UNKNOWNEXCEPTION: { code: 'REMOTE_UNAVAILABLE' },
};

const BY_STATUS: Readonly<Record<number, Verdict>> = {
  401: { code: 'AUTH_REJECTED', hint: SESSION_HINT },
  403: { code: 'PERMISSION_DENIED' },
  404: { code: 'NOT_FOUND' },
  406: { code: 'REMOTE_UNAVAILABLE' },
  407: { code: 'AUTH_REJECTED', hint: PROXY_HINT },
  410: { code: 'CONFIG_INVALID', hint: 'This API version is retired: set a later apiVersion.' },
  // Another attempt tells the length ahead.
  411: { code: 'REMOTE_REFUSED', retryable: true, hint: 'A proxy refuses uploads of unknown length.' },
  413: { code: 'REMOTE_REFUSED', hint: 'Lower maxUploadBytes: the upload was too large.' },
  420: { code: 'REMOTE_UNAVAILABLE' },
  429: { code: 'RATE_LIMITED' },
  501: { code: 'REMOTE_REFUSED' },
  503: {
    code: 'REMOTE_UNAVAILABLE',
    hint: 'Salesforce is overloaded or under maintenance: see status.salesforce.com.',
  },
};

/** Bodies on a 401 or 403 that a new session would not change. */
const PERMANENT_SESSION_FAULTS = [
  'This session is not valid for use with the REST API',
  'Connected app is not attached to Agent',
];

const BODY_WORDS = {
  html: 'with an HTML page, which the API itself does not send',
  empty: 'with an empty body',
  other: 'with a body that is not an API error',
} as const;

/** Turns a refused response into the one error class. `what` names the request, such as `create query job`. */
export function faultOf(what: string, response: RefusedResponse): SluiceError {
  const { status } = response;
  if (status >= 300 && status < 400) return redirectFault(what, response);
  const body = parseErrorBody(response.bodyText);
  const verdict = judge(status, body);
  return new SluiceError(verdict.code, `${what}: ${describe(status, body)}`, {
    ...(verdict.hint === undefined ? {} : { hint: verdict.hint }),
    ...(verdict.retryable === undefined ? {} : { retryable: verdict.retryable }),
    ...(response.retryAfterMs === undefined ? {} : { retryAfterMs: response.retryAfterMs }),
    details: {
      status,
      errors: remoteErrors(body).map(({ errorCode, message, fields }) => ({ errorCode, message, fields })),
    },
  });
}

/** Whether a new session could change the answer. */
export function isSessionFault(status: number, bodyText: string): boolean {
  return status === 401 && !PERMANENT_SESSION_FAULTS.some((text) => bodyText.includes(text));
}

/** Whether the response carries one of these codes, in any spelling. */
export function hasRemoteCode(error: unknown, ...codes: readonly string[]): boolean {
  const wanted = new Set(codes.map(normalizeCode));
  const errors = errorDetail(error, 'errors');
  if (!Array.isArray(errors)) return false;
  return errors.some(
    (entry: unknown) =>
      typeof entry === 'object' &&
      entry !== null &&
      'errorCode' in entry &&
      typeof entry.errorCode === 'string' &&
      wanted.has(normalizeCode(entry.errorCode)),
  );
}

/** The HTTP status behind an error, if there was a response. */
export function statusOf(error: unknown): number | undefined {
  const status = errorDetail(error, 'status');
  return typeof status === 'number' ? status : undefined;
}

function judge(status: number, body: ErrorBody): Verdict {
  for (const error of remoteErrors(body)) {
    const verdict = judgeCode(status, error);
    if (verdict !== undefined) return verdict;
  }
  if (status === 403 && body.kind === 'html') return { code: 'PERMISSION_DENIED', hint: PROXY_HINT };
  const byStatus = BY_STATUS[status];
  if (byStatus !== undefined) return byStatus;
  return { code: status >= 500 ? 'REMOTE_UNAVAILABLE' : 'REMOTE_REFUSED' };
}

function judgeCode(status: number, error: RemoteError): Verdict | undefined {
  const code = normalizeCode(error.errorCode);
  if (code === 'REQUESTLIMITEXCEEDED') {
    // One code for two limits: calls running at once, which frees itself, and calls in 24 hours.
    return /concurrent|longtxn/i.test(error.message)
      ? { code: 'RATE_LIMITED', hint: 'Lower `connections`: too many long calls of this org are running.' }
      : { code: 'QUOTA_EXCEEDED', hint: QUOTA_HINT };
  }
  if (PERMANENT_SESSION_FAULTS.some((text) => error.message.includes(text))) {
    return { code: 'AUTH_REJECTED', hint: 'Use a connected app whose sessions are valid for the REST API.' };
  }
  if (code === 'APIERROR' && status === 400 && /not supported|unsupported/i.test(error.message)) {
    return { code: 'QUERY_UNSUPPORTED' };
  }
  return BY_CODE[code];
}

function remoteErrors(body: ErrorBody): readonly RemoteError[] {
  return body.kind === 'errors' ? body.errors : [];
}

function describe(status: number, body: ErrorBody): string {
  if (body.kind !== 'errors') return `HTTP ${status} ${BODY_WORDS[body.kind]}`;
  const errors = body.errors.map(({ errorCode, message }) => (message === '' ? errorCode : `${errorCode}: ${message}`));
  return `HTTP ${status}, ${errors.join('; ')}`;
}

function redirectFault(what: string, { status, location }: RefusedResponse): SluiceError {
  const host = location !== undefined && URL.canParse(location) ? new URL(location).host : undefined;
  const target = host === undefined ? 'elsewhere' : `to ${host}`;
  return new SluiceError('CONFIG_INVALID', `${what}: HTTP ${status} redirects ${target}; redirects are not followed`, {
    hint:
      host === undefined
        ? 'Set environmentUrl to the My Domain of the org.'
        : `If ${host} is your org, set environmentUrl to https://${host}.`,
    details: { status, errors: [] },
  });
}
