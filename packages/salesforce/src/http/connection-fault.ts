import { SluiceError } from '@sluice/core';

import { errorDetail } from './error-detail.ts';

/** Failures before a connection stood: not a byte of the request left. */
const CONNECT_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_PRX_CONN',
]);

const CERTIFICATE_CODES = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_NOT_YET_VALID',
  'CERT_HAS_EXPIRED',
  'CERT_REVOKED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'UND_ERR_PRX_TLS',
]);

/** The org object was disposed of. */
const CLOSED_CODES = new Set(['UND_ERR_DESTROYED', 'UND_ERR_CLOSED']);

/** Turns what the HTTP client throws before a response head into the one error class. */
export function connectionFault(what: string, host: string, cause: unknown): SluiceError {
  const code = codeOf(cause);
  const proxyStatus = proxyStatusOf(cause);
  if (proxyStatus !== undefined) return proxyFault(what, proxyStatus, cause);
  if (code !== undefined && CERTIFICATE_CODES.has(code)) {
    return new SluiceError('CONNECTION_LOST', `${what}: the certificate of ${host} is not trusted (${code})`, {
      cause,
      retryable: false,
      hint: 'If a proxy inspects TLS here, pass its certificate authority as `ca`; check the clock of this machine too.',
      details: { sent: false },
    });
  }
  const sent = code === undefined || !CONNECT_CODES.has(code);
  const message = sent ? `the connection to ${host} was lost before an answer` : `cannot connect to ${host}`;
  return new SluiceError('CONNECTION_LOST', `${what}: ${message} (${code ?? 'no code'})`, {
    cause,
    ...(code !== undefined && CLOSED_CODES.has(code)
      ? { retryable: false, hint: 'Dispose of the org after its last use.' }
      : {}),
    ...(sent
      ? {}
      : { hint: 'Check the host in environmentUrl, and the proxy: whether one is needed, and whether it answers.' }),
    details: { sent },
  });
}

/** Whether it is certain that the request never reached the org. */
export function wasNeverSent(error: unknown): boolean {
  return errorDetail(error, 'sent') === false;
}

function proxyFault(what: string, status: number, cause: unknown): SluiceError {
  const isAuth = status === 407;
  return new SluiceError(
    isAuth ? 'AUTH_REJECTED' : status >= 500 ? 'REMOTE_UNAVAILABLE' : 'PERMISSION_DENIED',
    `${what}: the proxy answered ${status}${isAuth ? ' and wants credentials' : ''}`,
    {
      cause,
      hint: isAuth
        ? 'Put user and password into the proxy URL, or pass a `dispatcher` that authenticates.'
        : 'Have the proxy allow the org, or extend NO_PROXY.',
      details: { sent: false },
    },
  );
}

/** undici tells a refused tunnel by its message alone. */
function proxyStatusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const match = /^Proxy (?:response|Authentication Required) \((\d{3})\)/.exec(error.message);
  return match === null ? undefined : Number(match[1]);
}

export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? codeOf(error.cause) : undefined;
}
