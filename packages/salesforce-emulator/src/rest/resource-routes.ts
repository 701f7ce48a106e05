import type { EmulatorParts } from '../emulator-parts.ts';
import { versionLabel } from '../http/api-version.ts';
import { jsonReply } from '../http/reply.ts';
import type { Route } from '../http/router.ts';

/** The versions of the API, oldest first, and what there is in one of them. */
export function resourceRoutes({ options: { firstVersion, lastVersion } }: EmulatorParts): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/services/data',
      open: true,
      handle: () => {
        const versions = Array.from({ length: lastVersion - firstVersion + 1 }, (_, index) => firstVersion + index);
        const entries = versions.map((version) => {
          return { label: versionLabel(version), url: `/services/data/v${version}.0`, version: `${version}.0` };
        });
        return jsonReply(entries);
      },
    },
    {
      method: 'GET',
      path: '/services/data/:version',
      handle: ({ version }) => {
        const names = [
          'sobjects',
          'query',
          'queryAll',
          'limits',
          ...(Number(version) >= 29 ? ['analytics'] : []),
          ...(Number(version) >= 41 ? ['jobs'] : []),
          ...(Number(version) >= 42 ? ['composite'] : []),
        ];
        return jsonReply(Object.fromEntries(names.map((name) => [name, `/services/data/v${version}/${name}`])));
      },
    },
  ];
}
