import type { Secret } from '@sluice/core';

/** A form sent to an OAuth endpoint, and what came back. */
export interface AuthResponse {
  readonly status: number;
  /** The parsed body; undefined when it is not JSON. */
  readonly body: unknown;
}

/** What a function that yields a token may use. */
export interface AuthRequest {
  /** The origin of the org's My Domain, without a trailing slash. */
  readonly environmentUrl: string;
  readonly signal: AbortSignal;
  /**
   * Posts a form to a path of `environmentUrl` over the org's own connections: proxy, certificate authorities and
   * time-outs are the org's, redirects are refused, and a failed connection or a 5xx answer is thrown as a retryable
   * error.
   */
  postForm(path: string, form: Readonly<Record<string, string>>): Promise<AuthResponse>;
}

/** A session of an org. */
export interface AccessToken {
  readonly token: Secret;
  /** Where later requests go; `environmentUrl` where the answer names none. */
  readonly instanceUrl?: string;
  /** 18 characters; found out by asking when it is not known. */
  readonly orgId?: string;
  readonly userId?: string;
}

/**
 * Yields a token. Called when there is none yet and after the org refused the last one; never twice at once for one
 * org. A retryable error is tried again.
 */
export type Auth = (request: AuthRequest) => Promise<AccessToken>;
