import { ERROR_CODES, SluiceError } from '@sluice/core';

import type { ActivityError } from './run-record.ts';

/** What an error of ours is as the error of an activity. */
export function activityError(error: unknown, target: string): ActivityError {
  if (!SluiceError.is(error)) {
    return {
      errorCode: 'InternalError',
      message: error instanceof Error ? error.message : 'something was thrown that is no error',
      failureType: 'SystemError',
      target,
      details: [],
    };
  }
  return {
    errorCode:
      error.code === 'EXPRESSION_INVALID' || error.code === 'EXPRESSION_FAILED' ? 'InvalidTemplate' : error.code,
    message: messageOf(error),
    failureType: failureTypeOf(error),
    target,
    details: errorDetails(error),
  };
}

/** The message and what to do. */
export function messageOf({ message, hint }: SluiceError): string {
  return hint === undefined ? message : `${message}${/[.!?]$/.test(message) ? '' : '.'} ${hint}`;
}

export function failureTypeOf({ code }: SluiceError): ActivityError['failureType'] {
  return ERROR_CODES[code].retryable || code === 'INTERNAL' || code === 'CONTRACT_BROKEN' ? 'SystemError' : 'UserError';
}

/** Our own code, for programs. */
export function errorDetails({ code, retryable }: SluiceError): ActivityError['details'] {
  return [{ code, retryable }];
}

export function innerFailure(target: string, errorCode: string, message: string): ActivityError {
  return { errorCode, message, failureType: 'UserError', target, details: [] };
}
