import type { EmulatorParts } from '../emulator-parts.ts';
import { jsonReply } from '../http/reply.ts';
import type { Route } from '../http/router.ts';
import { UnverifiedFault } from '../http/unverified-errors.ts';

/** Allowances and record counts; both need the permission "View Setup and Configuration". */
export function limitsRoutes({ org, quotas, options }: EmulatorParts): readonly Route[] {
  const refuse = (): void => {
    if (options.viewSetup) return;
    throw new UnverifiedFault('noSetupPermission');
  };
  return [
    {
      method: 'GET',
      path: '/services/data/:version/limits',
      handle: () => {
        refuse();
        const entries = quotas.names.map((name) => {
          return [name, { Max: quotas.most(name), Remaining: quotas.remaining(name) }] as const;
        });
        return jsonReply(Object.fromEntries(entries));
      },
    },
    {
      method: 'GET',
      path: '/services/data/:version/limits/recordCount',
      since: 40,
      handle: ({ request }) => {
        refuse();
        const names = request.query.get('sObjects')?.split(',') ?? org.objects.map(({ name }) => name);
        const objects = names.flatMap((name) => org.object(name.trim()) ?? []);
        return jsonReply({ sObjects: objects.map(({ name }) => ({ count: org.countRows(name), name })) });
      },
    },
  ];
}
