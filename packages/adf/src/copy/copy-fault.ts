import { type ErrorCode, SluiceError } from '@sluice/core';

import { errorDetails, failureTypeOf, messageOf } from '../run/activity-error.ts';
import type { ActivityError } from '../run/run-record.ts';

/** Codes of Data Factory for what fails in data activities: "Troubleshoot copy activity" and public reports, read 2026-11. */
export const ACTIVITY_CODES = { Copy: '2200', Lookup: '2100', Script: '2011' } as const;

const LOGIN_CAUSES =
  'Probable causes: the connected app does not have the client credentials flow enabled, lacks the api scope, has no Run As user, or that user lacks the API Enabled and API Only User permissions.';

export interface FailedSide {
  readonly activityName: string;
  readonly activityType: keyof typeof ACTIVITY_CODES;
  readonly side: 'Source' | 'Sink' | undefined;
}

/** The error of a data activity, worded as Data Factory words it. */
export function copyError(error: SluiceError, { activityName, activityType, side }: FailedSide): ActivityError {
  const name = factoryCode(error);
  const at = side ?? rejectingSide(error);
  const causes = name === 'SalesforceOauth2ClientCredentialFailure' ? ` ${LOGIN_CAUSES}` : '';
  const happened = at === undefined ? '' : `Failure happened on '${at}' side. `;
  const text = `${messageOf(inFactoryTerms(error))}${causes}`;
  return {
    errorCode: ACTIVITY_CODES[activityType],
    message: `${happened}ErrorCode=${name},'Type=${error.name},Message=${text},Source=Sluice,'`,
    failureType: failureTypeOf(error),
    target: activityName,
    details: errorDetails(error),
  };
}

const SIDE_OF_STAGE: Readonly<Record<string, FailedSide['side']>> = { read: 'Source', write: 'Sink', commit: 'Sink' };

/** Whose verdict a run fails by that allows no rejected row, or none in doubt; converting is on neither side. */
function rejectingSide({ code, details }: SluiceError): FailedSide['side'] {
  // What a run has to tell of itself goes around what it failed by.
  const told = isMember(details, 'cause') ? details.cause : details;
  if (code === 'ROWS_IN_DOUBT') return 'Sink';
  if (code !== 'ROWS_REJECTED' || !isMember(told, 'rejects')) return undefined;
  const { rejects } = told;
  const stage = Array.isArray(rejects) ? memberText(rejects[0], 'stage') : undefined;
  return stage === undefined ? undefined : SIDE_OF_STAGE[stage];
}

const FACTORY_HINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  ROWS_REJECTED: 'Correct the rows, or skip them with enableSkipIncompatibleRow.',
  ROWS_IN_DOUBT: 'Look in the target which of these rows are there, before the activity is run again.',
};

/** The way out by the name that it has in a definition. */
function inFactoryTerms(error: SluiceError): SluiceError {
  const { code, message, details, cause } = error;
  const hint = FACTORY_HINTS[code];
  if (hint === undefined) return error;
  return new SluiceError(code, message, { hint, cause, ...(details === undefined ? {} : { details }) });
}

function isMember<N extends string>(value: unknown, name: N): value is Readonly<Record<N, unknown>> {
  return typeof value === 'object' && value !== null && name in value;
}

/** The name Data Factory has for the cause, where there is one; else our own code. */
function factoryCode({ code, details }: SluiceError): string {
  const named = memberText(details, 'factoryCode');
  if (named !== undefined) return named;
  switch (code) {
    case 'AUTH_REJECTED':
      // A database says by its own state who may not log in.
      return memberText(details, 'sqlState') === undefined ? 'SalesforceOauth2ClientCredentialFailure' : code;
    case 'VALUE_INVALID':
    case 'ROWS_REJECTED':
      return 'UserErrorInvalidDataValue';
    case 'QUOTA_EXCEEDED':
    case 'RATE_LIMITED':
      return remoteCode(details) ?? code;
    default:
      return code;
  }
}

function remoteCode(details: SluiceError['details']): string | undefined {
  if (typeof details !== 'object' || details === null || !('errors' in details)) return undefined;
  const { errors } = details;
  if (!Array.isArray(errors)) return undefined;
  return memberText(errors[0], 'errorCode');
}

function memberText(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null || !(name in value)) return undefined;
  const member: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
  return typeof member === 'string' ? member : undefined;
}
