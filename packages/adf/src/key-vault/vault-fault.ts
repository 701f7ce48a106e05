import { type ErrorCode, SluiceError } from '@sluice/core';

const CREDENTIAL_FAULTS = new Set([
  'AuthenticationError',
  'AuthenticationRequiredError',
  'AggregateAuthenticationError',
  'CredentialUnavailableError',
]);

interface Meaning {
  readonly code: ErrorCode;
  readonly what: string;
  readonly hint?: string;
}

/** What a failed lookup means. Of the cause only its kind is kept: the package's own error holds the request. */
export function vaultFault(cause: unknown, vaultName: string, secretName: string): SluiceError {
  const { code, what, hint } = meaningOf(cause);
  return new SluiceError(code, `the secret ${JSON.stringify(secretName)} of the vault ${vaultName} ${what}`, {
    cause: new Error(kindOf(cause)),
    ...(hint === undefined ? {} : { hint }),
  });
}

function meaningOf(cause: unknown): Meaning {
  if (cause instanceof Error && CREDENTIAL_FAULTS.has(cause.name)) {
    return {
      code: 'AUTH_REJECTED',
      what: 'could not be asked for: there is no identity to ask as',
      hint: 'Log in with the Azure CLI, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.',
    };
  }
  if (!(cause instanceof Error) || cause.name !== 'RestError') {
    return {
      code: 'RESPONSE_INVALID',
      what: 'could not be read: what answers at the baseUrl is no vault, or one of another cloud',
      hint: 'Check the baseUrl of the linked service; for a cloud of your own set trustChallenge.',
    };
  }
  const status = 'statusCode' in cause && typeof cause.statusCode === 'number' ? cause.statusCode : undefined;
  switch (status) {
    case undefined:
      return {
        code: 'CONNECTION_LOST',
        what: 'could not be asked for: the vault could not be reached',
        hint: 'Check the baseUrl of the linked service, and the network.',
      };
    case 401:
      return {
        code: 'AUTH_REJECTED',
        what: 'was refused: the vault does not know the identity',
        hint: 'Check the tenant of the identity.',
      };
    case 403:
      return {
        code: 'PERMISSION_DENIED',
        what: 'may not be read by this identity, or is disabled',
        hint: 'Grant Get on secrets to the identity.',
      };
    case 429:
      return { code: 'RATE_LIMITED', what: 'could not be read: the vault has been asked too often' };
    default:
      if (status >= 500) return { code: 'REMOTE_UNAVAILABLE', what: `could not be read: the vault answered ${status}` };
      return { code: 'REMOTE_REFUSED', what: `could not be read: the vault answered ${status}` };
  }
}

function kindOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'no error';
  const code = 'code' in cause && typeof cause.code === 'string' ? ` ${cause.code}` : '';
  return `${cause.name}${code}`;
}
