import {
  answerWith,
  dropBeforeHeaders,
  type Emulator,
  type FaultAction,
  refuseLogin,
} from '@sluice/salesforce-emulator';
import type { ArmedFault, Faults } from '@sluice/testkit';

type OrgFaults = Pick<
  Faults,
  'unreachable' | 'badCredentials' | 'forbidden' | 'quota' | 'unavailable' | 'rateLimit' | 'expireSession'
>;

const ACCESS = { errorCode: 'INSUFFICIENT_ACCESS', message: 'insufficient access rights' };

/** What the conformance kit asks of an org that goes wrong, whatever the plugin does with it. */
export function orgFaults(emulator: Emulator, noAccess: typeof ACCESS = ACCESS): OrgFaults {
  const always = (action: FaultAction) => () => emulator.faults.add({ match: {}, action });
  const next = (times: number, action: FaultAction) => emulator.faults.add({ match: { nth: 1, times }, action });
  return {
    unreachable: always(dropBeforeHeaders()),
    badCredentials: () => emulator.faults.add({ match: { path: '/token' }, action: refuseLogin('wrongSecret') }),
    forbidden: always(answerWith(403, noAccess)),
    quota: () => emulator.faults.add({ match: { path: /\/services\/data\// }, action: answerWith(403) }),
    unavailable: ({ times }) => next(times, answerWith(503)),
    rateLimit: ({ times, retryAfterMs }) =>
      next(times, answerWith(429, { errorCode: 'REQUEST_LIMIT', retryAfter: retryAfterMs / 1000 })),
    expireSession: () => answeredFrom(emulator, 401, () => emulator.sessions.expireAll()),
  };
}

/** Something done to the org itself, which strikes whoever is answered with the status for it. */
export function answeredFrom(emulator: Emulator, status: number, act: () => void): ArmedFault {
  const first = (emulator.requests.all.at(-1)?.number ?? 0) + 1;
  act();
  return {
    get hits() {
      return emulator.requests.all.filter((request) => request.number >= first && request.status === status).length;
    },
  };
}
