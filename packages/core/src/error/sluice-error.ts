import type { Json } from '../contract/json.ts';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';

const BRAND: unique symbol = Symbol.for('@sluice/core/SluiceError');

export interface SluiceErrorOptions {
  /** What failed underneath; kept as `error.cause`, never flattened into the message. */
  readonly cause?: unknown;
  /** One imperative sentence telling the operator what to do next. */
  readonly hint?: string;
  /** Milliseconds to wait before trying again, when the remote side said so. */
  readonly retryAfterMs?: number;
  /** Overrides what the code says, when this occurrence is known to differ. */
  readonly retryable?: boolean;
  /** Facts for programs, such as a handle to take up a job again. Never a cell value or a secret. */
  readonly details?: Json;
}

/**
 * The only error class that crosses a plugin boundary.
 *
 * Match on `code`, never on `name` or `message`. A message may name a field, a file or a job id; it never contains a
 * cell value, a token or a response body.
 */
export class SluiceError extends Error {
  override readonly name = 'SluiceError';
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly hint: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly details: Json | undefined;
  readonly [BRAND] = true;

  constructor(code: ErrorCode, message: string, options: SluiceErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? ERROR_CODES[code].retryable;
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details;
  }

  /** Works across two installed copies of this package, where `instanceof` does not. */
  static is(value: unknown): value is SluiceError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
