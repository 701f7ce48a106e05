import { SluiceError, type ErrorCode } from '@sluice/core';

import { quotable } from '../http/salesforce-error-body.ts';

interface OauthVerdict {
  readonly code: ErrorCode;
  readonly hint: string;
}

/** By `error`, and where one code has several causes by what the description mentions. First match decides. */
const VERDICTS: readonly (OauthVerdict & { readonly error: string; readonly mentions?: RegExp })[] = [
  { error: 'invalid_client_id', code: 'AUTH_REJECTED', hint: 'Check clientId: it is the consumer key of the app.' },
  { error: 'invalid_client', code: 'AUTH_REJECTED', hint: 'Check clientSecret: it is the consumer secret of the app.' },
  {
    error: 'invalid_grant',
    mentions: /no client credentials user/i,
    code: 'AUTH_REJECTED',
    hint: 'Choose a Run As user in the client credentials settings of the app.',
  },
  {
    error: 'invalid_grant',
    mentions: /not supported on this domain/i,
    code: 'CONFIG_INVALID',
    hint: 'Set environmentUrl to the My Domain of the org: https://<domain>.my.salesforce.com.',
  },
  {
    error: 'invalid_grant',
    mentions: /ip restricted/i,
    code: 'AUTH_REJECTED',
    hint: 'Allow this IP address in the login IP ranges, or relax the IP restrictions of the app.',
  },
  {
    error: 'invalid_grant',
    code: 'AUTH_REJECTED',
    hint: 'Check that the Run As user is active and neither locked nor frozen.',
  },
  {
    error: 'unsupported_grant_type',
    code: 'AUTH_REJECTED',
    hint: 'Enable the client credentials flow in the app.',
  },
  {
    error: 'invalid_app_access',
    code: 'AUTH_REJECTED',
    hint: 'Have an administrator approve the Run As user for the app, through a profile or permission set.',
  },
  { error: 'inactive_user', code: 'AUTH_REJECTED', hint: 'Activate the Run As user, or choose another.' },
  { error: 'inactive_org', code: 'AUTH_REJECTED', hint: 'The org is locked or closed.' },
  {
    error: 'rate_limit_exceeded',
    code: 'RATE_LIMITED',
    hint: 'Too many logins: keep one org object and share it.',
  },
  { error: 'unknown_error', code: 'REMOTE_UNAVAILABLE', hint: 'Try again later.' },
];

const OTHERWISE: OauthVerdict = { code: 'AUTH_REJECTED', hint: 'Check the OAuth settings of the app.' };

/** Turns an OAuth error object into the one error class. */
export function oauthFault(status: number, error: string, description: string): SluiceError {
  const verdict =
    VERDICTS.find((entry) => entry.error === error && (entry.mentions?.test(description) ?? true)) ?? OTHERWISE;
  return new SluiceError(verdict.code, `log in: ${quotable(error)}: ${quotable(description)}`, {
    hint: verdict.hint,
    details: { status, oauthError: quotable(error) },
  });
}
