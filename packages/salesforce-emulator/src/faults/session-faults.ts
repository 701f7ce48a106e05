import type { FaultAction } from './fault-action.ts';

/** The token of the request dies just before the org looks at it: 401, and so for every later request with it. */
export function expireSession(): FaultAction {
  return {
    before: ({ request, sessions }) => {
      sessions.expire(request.headers.authorization);
      return undefined;
    },
  };
}
