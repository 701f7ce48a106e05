import type { Context, Readable } from '@sluice/core';

import { orgCatalog } from '../schema/org-catalog.ts';
import type { OrgClient } from './org-client.ts';

/** The objects the user may query. REST API Developer Guide, "Describe Global", read 2026-11. */
export async function* discoverObjects(client: OrgClient, ctx: Context): AsyncGenerator<Readable, void, undefined> {
  for (const { name, label, queryable } of await orgCatalog(client, ctx).objects()) {
    if (queryable !== false) yield { name, ...(label == null ? {} : { label }) };
  }
}
