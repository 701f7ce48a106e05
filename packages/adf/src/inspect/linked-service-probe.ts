import { type Context, type Readable, SluiceError, type Store } from '@sluice/core';
import type { PostgresDatabase } from '@sluice/postgres';
import type { SalesforceOrg } from '@sluice/salesforce';

import { connectorOf, isDatabase } from '../check/copy-types.ts';
import { openStore } from '../copy/files/file-location.ts';
import { openDatabase } from '../copy/postgres/open-database.ts';
import { openOrg } from '../copy/salesforce/open-org.ts';
import type { Factory } from '../definition/factory.ts';
import { linkedServiceRequest } from '../resolve/linked-service.ts';
import type { LinkedServiceRequest } from '../secrets/resolve-linked-service.ts';
import { inContext } from './in-context.ts';
import { type InspectOptions, type Inspection, inspection } from './inspect-options.ts';
import { withoutSecrets } from './without-secrets.ts';

/**
 * Whether a linked service works: an org gives a token and answers, a database lets in, a folder can be written to.
 *
 * An org is asked for a token, for the API versions and resources it offers and for who the user is, a database for its
 * version; nothing is read.
 *
 * @throws `CONFIG_INVALID`, `SECRET_UNRESOLVED`, `AUTH_REJECTED` and what else stands in the way; `CONNECTOR_MISSING`.
 */
export async function testConnection(factory: Factory, name: string, options: InspectOptions = {}): Promise<void> {
  await probe(factory, name, options, {
    store: async (store, ctx) => await store.check(ctx),
    org: async (org, ctx) => await org.check(ctx),
    database: async (db, ctx) => await db.query('SELECT 1').check(ctx),
  });
}

/**
 * What can be read through a linked service: objects of an org, tables and views of a database, files of a folder.
 *
 * @throws as `testConnection` does.
 */
export async function discover(
  factory: Factory,
  name: string,
  options: InspectOptions = {},
): Promise<readonly Readable[]> {
  return await probe<readonly Readable[]>(factory, name, options, {
    async store(store, ctx) {
      const files = await Array.fromAsync(store.list('', ctx));
      return files.map(({ path, byteLength }) => ({ name: path, details: { byteLength } }));
    },
    org: async (org, ctx) => await Array.fromAsync(org.discover(ctx)),
    async database(db, ctx) {
      const { results } = await db.run([{ sql: TABLES }], ctx);
      return (results[0]?.rows ?? []).map(([name, kind]) => ({ name: name!, details: { kind: kind! } }));
    },
  });
}

/** What the role may see; names as SQL has them. */
const TABLES = `
  SELECT format('%I.%I', table_schema, table_name) AS name, lower(table_type) AS kind FROM information_schema.tables
   WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`;

interface Probe<T> {
  store(store: Store, ctx: Context): Promise<T>;
  org(org: SalesforceOrg, ctx: Context): Promise<T>;
  database(db: PostgresDatabase, ctx: Context): Promise<T>;
}

async function probe<T>(factory: Factory, name: string, options: InspectOptions, work: Probe<T>): Promise<T> {
  const looking = inspection(factory, options);
  return await withoutSecrets(looking.redaction, async () => {
    const request = requestFor(name, options, looking);
    if (request.linkedService.properties.type === 'FileServer') {
      const { store } = await openStore(request, looking.data.factoryFolder);
      return await inContext(name, async (ctx) => await work.store(store, ctx), looking.run);
    }
    if (isDatabase(connectorOf(request.linkedService.properties.type))) {
      const { redaction, data, run } = looking;
      const { db } = await openDatabase(request, { redaction, factoryFolder: data.factoryFolder });
      return await inContext(name, async (ctx) => await work.database(db, ctx), run);
    }
    await using org = await openOrg(request, connection(looking));
    return await inContext(name, async (ctx) => await work.org(org, ctx), looking.run);
  });
}

function requestFor(name: string, options: InspectOptions, { following }: Inspection): LinkedServiceRequest {
  const request = linkedServiceRequest({ referenceName: name }, () => options.parameters ?? {}, following);
  if (request.linkedService.properties.type !== 'AzureKeyVault') return request;
  throw new SluiceError('CONFIG_INVALID', `linked service ${name} is a vault: it is asked for secrets only`, {
    hint: 'Test a linked service that has a secret in it.',
  });
}

function connection({ redaction, data: { defaultApiVersion } }: Inspection): Parameters<typeof openOrg>[1] {
  return { redaction, defaultApiVersion, connections: undefined };
}
