import { ApiFault } from './api-fault.ts';

/** Refusals that Salesforce is known to make, in words or with a status that nobody has recorded. */
export const UNVERIFIED_ERRORS = {
  earlyResults: {
    status: 400,
    errorCode: 'INVALIDJOBSTATE',
    message: 'Results are available once the job is complete',
  },
  badLocator: { status: 400, errorCode: 'INVALID_LOCATOR', message: 'Invalid locator' },
  badMaxRecords: { status: 400, errorCode: 'API_ERROR', message: 'maxRecords must be a positive integer' },
  unknownObject: { status: 400, errorCode: 'INVALIDENTITY', message: 'Entity is not supported by the Bulk API.' },
  ingestQuota: { status: 400, errorCode: 'EXCEEDEDQUOTA', message: 'The daily allocation for Bulk API is used up' },
  noViewAllData: { status: 403, errorCode: 'INSUFFICIENT_ACCESS', message: 'insufficient access rights on object' },
  closedUpload: { status: 400, errorCode: 'INVALIDJOBSTATE', message: 'The job takes no data in its state' },
  closedJob: { status: 400, errorCode: 'INVALIDJOBSTATE', message: 'Closing already Completed Job not allowed' },
  oversizeUpload: { status: 413, errorCode: 'REQUEST_TOO_LARGE', message: 'The upload is too large' },
  oversizeMultipart: { status: 400, errorCode: 'INVALIDBATCH', message: 'The content has more than 100000 characters' },
  tooManyRecords: { status: 400, errorCode: 'EXCEEDED_MAX_SIZE_REQUEST', message: 'At most 200 records are allowed' },
  encodedUpload: { status: 415, errorCode: 'UNSUPPORTED_MEDIA_TYPE', message: 'Content-Encoding is not supported' },
  versionConflict: { status: 409, errorCode: 'API_ERROR', message: 'API version mismatch' },
  badBody: { status: 400, errorCode: 'JSON_PARSER_ERROR', message: 'The HTTP entity body is not valid JSON' },
  methodNotAllowed: { status: 405, errorCode: 'METHOD_NOT_ALLOWED', message: 'HTTP Method not allowed' },
  retiredVersion: { status: 410, errorCode: 'UNSUPPORTED_API_VERSION', message: 'This API version has been retired' },
  noSetupPermission: { status: 403, errorCode: 'INSUFFICIENT_ACCESS', message: 'insufficient access rights' },
} as const satisfies Readonly<Record<string, ErrorShape>>;

export type UnverifiedError = keyof typeof UNVERIFIED_ERRORS;

export interface ErrorShape {
  readonly status: number;
  readonly errorCode: string;
  readonly message: string;
}

/** What an emulator says instead of the defaults. */
export type ErrorShapes = {
  readonly [Name in UnverifiedError]?: { readonly [Key in keyof ErrorShape]?: ErrorShape[Key] | undefined } | undefined;
};

/** A refusal whose shape the options may change; it is thrown like any other. */
export class UnverifiedFault extends ApiFault {
  readonly #kind: UnverifiedError;

  constructor(kind: UnverifiedError, details?: string) {
    const { status, errorCode, message } = UNVERIFIED_ERRORS[kind];
    super(status, errorCode, details ?? message);
    this.#kind = kind;
  }

  shapedBy(shapes: ErrorShapes): ApiFault {
    const { status = this.status, errorCode = this.errorCode, message = this.message } = shapes[this.#kind] ?? {};
    return new ApiFault(status, errorCode, message);
  }
}
