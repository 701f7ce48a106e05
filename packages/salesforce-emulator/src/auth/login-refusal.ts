import { jsonReply, type Reply } from '../http/reply.ts';

/** Why the token endpoint says no, with what it says. Texts as documented or recorded. */
export const LOGIN_REFUSALS = {
  unknownClient: { error: 'invalid_client_id', description: 'client identifier invalid' },
  wrongSecret: { error: 'invalid_client', description: 'invalid client credentials' },
  noRunAsUser: { error: 'invalid_grant', description: 'no client credentials user enabled' },
  wrongDomain: { error: 'invalid_grant', description: 'request not supported on this domain' },
  lockedUser: { error: 'invalid_grant', description: 'authentication failure' },
  ipRestricted: { error: 'invalid_grant', description: 'ip restricted' },
  flowNotEnabled: { error: 'unsupported_grant_type', description: 'grant type not supported' },
  appNotApproved: { error: 'invalid_app_access', description: 'user is not admin approved to access this app' },
  inactiveUser: { error: 'inactive_user', description: 'user is inactive' },
  inactiveOrg: { error: 'inactive_org', description: 'organization is inactive' },
  rateLimit: { error: 'rate_limit_exceeded', description: 'login rate exceeded' },
  malformed: { error: 'invalid_request', description: 'malformed request' },
  unknown: { error: 'unknown_error', description: 'retry your request' },
} as const satisfies Readonly<Record<string, { readonly error: string; readonly description: string }>>;

export type LoginRefusal = keyof typeof LOGIN_REFUSALS;

/** OAuth errors are an object, unlike those of REST. */
export function loginRefusalReply(refusal: LoginRefusal, status = 400): Reply {
  const { error, description } = LOGIN_REFUSALS[refusal];
  const headers = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };
  return jsonReply({ error, error_description: description }, { status, headers });
}
