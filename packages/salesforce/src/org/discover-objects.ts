import type { Context, Readable } from '@sluice/core';

import { orgCatalog } from '../schema/org-catalog.ts';
import { refusedObject } from '../soql/object-verdict.ts';
import type { OrgClient } from './org-client.ts';

/**
 * The objects a query job can read for the user, in the org's order: not events, external objects and others that the
 * Bulk API refuses. REST API Developer Guide, "Describe Global", read 2026-11.
 */
export async function* discoverObjects(client: OrgClient, ctx: Context): AsyncGenerator<Readable, void, undefined> {
  for (const { name, label, queryable, deprecatedAndHidden, custom } of await orgCatalog(client, ctx).objects()) {
    if (queryable === false || deprecatedAndHidden === true || refusedObject(name) !== undefined) continue;
    yield { name, ...(label == null ? {} : { label }), details: { custom: custom === true } };
  }
}
