import type { EmulatorParts } from '../emulator-parts.ts';
import { jsonReply } from '../http/reply.ts';
import type { Route } from '../http/router.ts';

/** `GET /services/oauth2/userinfo`: who the token acts as. */
export function userinfoRoute({ org, url }: EmulatorParts): Route {
  return {
    method: 'GET',
    path: '/services/oauth2/userinfo',
    handle: () => {
      const email = `${org.userName.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@example.com`;
      return jsonReply({
        sub: `${url}/id/${org.orgId}/${org.userId}`,
        user_id: org.userId,
        organization_id: org.orgId,
        preferred_username: email,
        name: org.userName,
        email,
        email_verified: true,
        zoneinfo: 'Etc/UTC',
        active: true,
        user_type: 'STANDARD',
        language: 'en_US',
        locale: 'en_US',
        utcOffset: 0,
        urls: { rest: `${url}/services/data/v{version}/`, query: `${url}/services/data/v{version}/query/` },
      });
    },
  };
}
