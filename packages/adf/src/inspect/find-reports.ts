import { read } from '@sluice/core';

import { openOrg } from '../copy/salesforce/open-org.ts';
import type { Factory } from '../definition/factory.ts';
import { linkedServiceRequest } from '../resolve/linked-service.ts';
import { type InspectOptions, inspection } from './inspect-options.ts';
import { withoutSecrets } from './without-secrets.ts';

/**
 * The ids of the reports of a name in the org of a linked service.
 *
 * @throws `CONFIG_INVALID`, `SECRET_UNRESOLVED`, `AUTH_REJECTED` and what else stands in the way; `CONNECTOR_MISSING`.
 */
export async function findReports(
  factory: Factory,
  linkedService: string,
  name: string,
  options: InspectOptions = {},
): Promise<readonly string[]> {
  const looking = inspection(factory, options);
  return await withoutSecrets(looking.redaction, async () => {
    const request = linkedServiceRequest(
      { referenceName: linkedService },
      () => options.parameters ?? {},
      looking.following,
    );
    await using org = await openOrg(request, {
      redaction: looking.redaction,
      defaultApiVersion: looking.data.defaultApiVersion,
      connections: undefined,
    });
    const literal = `'${name.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
    const rows = read(org.query(`SELECT Id FROM Report WHERE Name = ${literal}`), looking.run).rows();
    return (await Array.fromAsync(rows)).flatMap(({ Id }) => (typeof Id === 'string' ? [Id] : []));
  });
}
