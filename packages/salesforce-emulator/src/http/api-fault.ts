/** An answer other than success, as REST and Bulk 2.0 give it: a status and an array of one error. */
export class ApiFault extends Error {
  override readonly name = 'ApiFault';
  readonly status: number;
  readonly errorCode: string;

  constructor(status: number, errorCode: string, message: string) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }
}

export function notFound(): ApiFault {
  return new ApiFault(404, 'NOT_FOUND', 'The requested resource does not exist');
}
