import { dirname, join, resolve } from 'node:path';

import { type CopyOptions, type SecretReference, type Sink, SluiceError, type Source } from '@sluice/core';
import { salesforce, type SalesforceOrg } from '@sluice/salesforce';
import { files as filesSink } from '@sluice/sinks/files';
import { files as filesSource } from '@sluice/sources/files';
import { localStore } from '@sluice/stores/local';
import { Field, Schema } from 'apache-arrow';

import { typeOf } from './column-types.ts';
import type { CopyConfig } from './copy-config.ts';
import type { FilesConfig, FilesSourceConfig } from './files-config.ts';
import { openFormat } from './open-format.ts';
import { openMapping } from './open-mapping.ts';
import type { SalesforceConfig, SalesforceSinkConfig } from './salesforce-config.ts';

/** Both ends of a copy, and how it is done. Nothing is connected to yet. */
export interface CopyEnds extends AsyncDisposable {
  readonly from: Source;
  readonly to: Sink;
  /** For people. */
  readonly names: { readonly from: string; readonly to: string };
  readonly options: Omit<CopyOptions, 'from' | 'to'>;
}

interface OpenEnd<T> {
  readonly end: T;
  readonly name: string;
  readonly org?: SalesforceOrg;
}

/** @throws `CONFIG_INVALID` for what the schema cannot know. */
export function openEnds(config: CopyConfig, configPath: string): CopyEnds {
  const folder = dirname(configPath);
  const { from, to, map, rejected, written, maxRejects, maxInDoubt, ...options } = config;
  requireOwnPaths({ to: to.files, rejected, written }, folder);
  // The schema wants one of each.
  const source = from.files === undefined ? openQuery(from.salesforce!, folder) : openFiles(from.files, folder);
  const sink = to.files === undefined ? openObject(to.salesforce!, folder) : writeFiles(to.files, folder);
  return {
    from: source.end,
    to: sink.end,
    names: { from: source.name, to: sink.name },
    options: {
      ...options,
      ...(map === undefined ? {} : { map: openMapping(map) }),
      ...(rejected === undefined ? {} : { rejected: writeFiles(rejected, folder).end }),
      ...(written === undefined ? {} : { written: writeFiles(written, folder).end }),
      ...(maxRejects === undefined ? {} : { maxRejects: maxRejects === 'unlimited' ? Infinity : maxRejects }),
      ...(maxInDoubt === undefined ? {} : { maxInDoubt: maxInDoubt === 'unlimited' ? Infinity : maxInDoubt }),
    },
    async [Symbol.asyncDispose]() {
      await source.org?.[Symbol.asyncDispose]();
      await sink.org?.[Symbol.asyncDispose]();
    },
  };
}

/** Each would find the other's files there only when the rows are written. */
function requireOwnPaths(sinks: Readonly<Record<string, FilesConfig | undefined>>, folder: string): void {
  const taken = new Map<string, string>();
  for (const [key, files] of Object.entries(sinks)) {
    if (files === undefined) continue;
    const path = join(resolve(folder, files.root), files.path);
    const other = taken.get(path);
    if (other !== undefined) {
      throw new SluiceError('CONFIG_INVALID', `${other} and ${key} name the same files, ${path}`, {
        hint: 'Give each a path of its own.',
      });
    }
    taken.set(path, key);
  }
}

function openQuery(config: SalesforceConfig, folder: string): OpenEnd<Source> {
  const { org, others } = openOrg(config, folder);
  const { query, object, fields, where, ...options } = others;
  const asked = query ?? {
    // The schema wants one of them.
    object: object!,
    ...(fields === undefined ? {} : { fields }),
    ...(where === undefined ? {} : { where }),
  };
  return { end: org.query(asked, options), name: `${object ?? 'query'} of ${config.environmentUrl}`, org };
}

function openObject(config: SalesforceSinkConfig, folder: string): OpenEnd<Sink> {
  const { org, others } = openOrg(config, folder);
  return { end: org.ingest(others), name: `${config.object} of ${config.environmentUrl}`, org };
}

type OrgConfig = Pick<
  SalesforceConfig,
  | 'environmentUrl'
  | 'apiVersion'
  | 'clientId'
  | 'clientSecret'
  | 'ca'
  | 'gzip'
  | 'reserveApiCalls'
  | 'proxy'
  | 'connections'
  | 'connectTimeoutMs'
  | 'responseTimeoutMs'
  | 'stallTimeoutMs'
>;

function openOrg<C extends OrgConfig>(
  config: C,
  folder: string,
): { readonly org: SalesforceOrg; readonly others: Omit<C, keyof OrgConfig> } {
  const { environmentUrl, apiVersion, clientId, clientSecret, ca, gzip, reserveApiCalls, proxy, ...more } = config;
  const { connections, connectTimeoutMs, responseTimeoutMs, stallTimeoutMs, ...others } = more;
  const org = salesforce({
    environmentUrl,
    apiVersion,
    clientId,
    clientSecret: absoluteSecret(clientSecret, folder),
    ...(proxy === undefined ? {} : { proxy }),
    ca,
    gzip,
    connections,
    reserveApiCalls,
    connectTimeoutMs,
    responseTimeoutMs,
    stallTimeoutMs,
  });
  // What is left when the members of the org are taken out.
  return { org, others: others as Omit<C, keyof OrgConfig> };
}

function openFiles({ root, path, format, match, columns, schema }: FilesSourceConfig, folder: string): OpenEnd<Source> {
  const end = filesSource({
    store: localStore(resolve(folder, root)),
    path,
    format: openFormat(format),
    ...(match === undefined ? {} : { match }),
    ...(columns === undefined ? {} : { columns }),
    ...(schema === undefined ? {} : { schema: declaredSchema(schema) }),
  });
  return { end, name: join(resolve(folder, root), path) };
}

function declaredSchema(columns: NonNullable<FilesSourceConfig['schema']>): Schema {
  return new Schema(columns.map(({ name, type }) => new Field(name, typeOf(type), true)));
}

function writeFiles({ root, path, format, partRows, partBytes }: FilesConfig, folder: string): OpenEnd<Sink> {
  const end = filesSink({
    store: localStore(resolve(folder, root)),
    path,
    format: openFormat(format),
    ...(partRows === undefined ? {} : { partRows }),
    ...(partBytes === undefined ? {} : { partBytes }),
  });
  return { end, name: join(resolve(folder, root), path) };
}

function absoluteSecret(reference: SecretReference, folder: string): SecretReference {
  const { path } = reference;
  return typeof path === 'string' ? { ...reference, path: resolve(folder, path) } : reference;
}
