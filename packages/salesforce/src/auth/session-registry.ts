import type { Auth } from './access-token.ts';
import { identityOf } from './client-credentials.ts';
import { createSessionKeeper, type SessionKeeper } from './session.ts';

const byIdentity = new Map<string, SessionKeeper>();
const byFunction = new WeakMap<Auth, Map<string, SessionKeeper>>();

/**
 * The one keeper of the process for an org and its credentials, whichever org objects ask: the token endpoint counts
 * logins.
 */
export async function sharedSessionKeeper(environmentUrl: string, auth: Auth): Promise<SessionKeeper> {
  const identity = await identityOf(auth);
  if (identity !== undefined) return keeperIn(byIdentity, `${environmentUrl} ${identity}`);
  const keepers = byFunction.get(auth) ?? new Map<string, SessionKeeper>();
  byFunction.set(auth, keepers);
  return keeperIn(keepers, environmentUrl);
}

function keeperIn(keepers: Map<string, SessionKeeper>, key: string): SessionKeeper {
  const keeper = keepers.get(key) ?? createSessionKeeper();
  keepers.set(key, keeper);
  return keeper;
}
