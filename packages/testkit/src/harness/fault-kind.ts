import type { ErrorCode } from '@sluice/core';

/**
 * What can go wrong on the remote side. Each is armed by a call, lasts until the fixture is gone unless it says so, and
 * tells how often it has struck: a check fails when its fault never did, since it has shown nothing then.
 */
export interface Faults {
  /** Nothing answers any more. */
  readonly unreachable?: Fault;
  /** The credentials are refused. */
  readonly badCredentials?: Fault;
  /** The user may not do this. */
  readonly forbidden?: Fault;
  /** An allocation is used up. */
  readonly quota?: Fault;
  /** The next `times` requests are answered by "not now". */
  readonly unavailable?: Fault<{ readonly times: number }>;
  /** The next `times` requests are answered by "too many", with the time to wait. */
  readonly rateLimit?: Fault<{ readonly times: number; readonly retryAfterMs: number }>;
  /** The session ends; a login gives another. */
  readonly expireSession?: Fault;
  /** Once: the connection is cut in the middle of the rows. */
  readonly cut?: Fault;
  /** Once: the rows end early, as if those were all. */
  readonly truncate?: Fault;
  /** The remote side counts other rows than it gives. */
  readonly miscount?: Fault;
  /** What was prepared for reading is gone. */
  readonly lost?: Fault;
  /** A column is another now than when the run was planned. */
  readonly schemaChange?: Fault;
  /** The target is full. */
  readonly full?: Fault;
}

export type FaultKind = keyof Faults;

export type Fault<O = void> = (options: O) => ArmedFault | Promise<ArmedFault>;

export interface ArmedFault {
  /** How often it has struck so far, such as the requests that it was the answer to. */
  readonly hits: number;
}

/** The codes a fault may surface as, and whether the same call may succeed later. */
export const FAULT_CODES: Partial<
  Readonly<Record<FaultKind, { readonly codes: readonly ErrorCode[]; readonly retryable: boolean }>>
> = {
  unreachable: { codes: ['CONNECTION_LOST', 'REMOTE_UNAVAILABLE'], retryable: true },
  badCredentials: { codes: ['AUTH_REJECTED'], retryable: false },
  forbidden: { codes: ['PERMISSION_DENIED', 'TARGET_UNWRITABLE'], retryable: false },
  quota: { codes: ['QUOTA_EXCEEDED'], retryable: false },
  unavailable: { codes: ['REMOTE_UNAVAILABLE', 'CONNECTION_LOST'], retryable: true },
  rateLimit: { codes: ['RATE_LIMITED'], retryable: true },
  full: { codes: ['STORAGE_FULL', 'QUOTA_EXCEEDED'], retryable: false },
};
