import { SluiceError, type Context } from '@sluice/core';
import * as z from 'zod';

import { statusOf } from '../http/salesforce-fault.ts';
import { createDescribeCache, type DescribeCache } from '../org/describe-cache.ts';
import type { OrgClient } from '../org/org-client.ts';
import { globalDescribe, sobjectDescribe, type SObjectDescribe, type SObjectSummary } from './sobject-describe.ts';

const namespaceQuery = z.looseObject({
  records: z.array(z.looseObject({ NamespacePrefix: z.string().nullish() })),
});

/** What the user may know of an org's objects. */
export interface OrgCatalog {
  /** The object of that name, in any case; undefined when there is none, or none the user may see. */
  describe(name: string): Promise<SObjectDescribe | undefined>;
  objects(): Promise<readonly SObjectSummary[]>;
  /** Who asks, for messages. */
  userName(): Promise<string | undefined>;
  /** The org's own namespace, which queries in it may leave out of names. */
  namespace(): Promise<string | undefined>;
}

interface Caches {
  readonly objects: DescribeCache<SObjectDescribe | undefined>;
  readonly summaries: DescribeCache<readonly SObjectSummary[]>;
}

/** Runs of one client share what was described a moment ago. */
const cachesOfClients = new WeakMap<OrgClient, Caches>();

/** Asks the org, for each object once. Valid as long as `ctx` is. */
export function orgCatalog(client: OrgClient, ctx: Context): OrgCatalog {
  const caches = cachesOf(client);
  const asked = new Map<string, Promise<SObjectDescribe | undefined>>();
  let namespace: Promise<string | undefined> | undefined;
  return {
    describe(name) {
      const key = name.toLowerCase();
      const earlier = asked.get(key);
      if (earlier !== undefined) return earlier;
      const answer = caches.objects.get(key, ctx.clock, async () => await fetchDescribe(client, name, ctx));
      asked.set(key, answer);
      return answer;
    },
    objects: async () => await caches.summaries.get('', ctx.clock, async () => await fetchSummaries(client, ctx)),
    userName: async () => (await client.identity(ctx)).userName,
    namespace: () => (namespace ??= fetchNamespace(client, ctx)),
  };
}

function cachesOf(client: OrgClient): Caches {
  const known = cachesOfClients.get(client);
  if (known !== undefined) return known;
  const caches = {
    objects: createDescribeCache<SObjectDescribe | undefined>(),
    summaries: createDescribeCache<readonly SObjectSummary[]>(),
  };
  cachesOfClients.set(client, caches);
  return caches;
}

async function fetchDescribe(
  { http, apiVersion }: OrgClient,
  name: string,
  ctx: Context,
): Promise<SObjectDescribe | undefined> {
  const path = `/services/data/v${apiVersion}/sobjects/${encodeURIComponent(name)}/describe`;
  try {
    const { value } = await http.json(
      { what: `describe ${name}`, method: 'GET', path, safe: true },
      sobjectDescribe,
      ctx,
    );
    return value;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

async function fetchSummaries({ http, apiVersion }: OrgClient, ctx: Context): Promise<readonly SObjectSummary[]> {
  const path = `/services/data/v${apiVersion}/sobjects/`;
  const { value } = await http.json({ what: 'list the objects', method: 'GET', path, safe: true }, globalDescribe, ctx);
  return value.sobjects;
}

/** An org that does not tell has none, as far as names can be found. */
async function fetchNamespace({ http, apiVersion }: OrgClient, ctx: Context): Promise<string | undefined> {
  const soql = encodeURIComponent('SELECT NamespacePrefix FROM Organization');
  const path = `/services/data/v${apiVersion}/query?q=${soql}`;
  try {
    const { value } = await http.json(
      { what: 'ask for the namespace', method: 'GET', path, safe: true },
      namespaceQuery,
      ctx,
    );
    return value.records[0]?.NamespacePrefix ?? undefined;
  } catch (error) {
    const status = statusOf(error);
    if (SluiceError.is(error) && (status === 400 || status === 404)) return undefined;
    throw error;
  }
}
