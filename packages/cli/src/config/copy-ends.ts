import { dirname, join, resolve } from 'node:path';

import type { CopyOptions, Format, SecretReference, Sink } from '@sluice/core';
import { arrowIpc } from '@sluice/formats/arrow';
import { parquet } from '@sluice/formats/parquet';
import { type QuerySource, salesforce } from '@sluice/salesforce';
import { files } from '@sluice/sinks/files';
import { localStore } from '@sluice/stores/local';

import type { CopyConfig } from './copy-config.ts';
import type { FilesConfig, FormatConfig } from './files-config.ts';
import type { SalesforceConfig } from './salesforce-config.ts';

/** Both ends of a copy, and how it is done. Nothing is connected to yet. */
export interface CopyEnds extends AsyncDisposable {
  readonly from: QuerySource;
  readonly to: Sink;
  /** For people. */
  readonly names: { readonly from: string; readonly to: string };
  readonly options: Omit<CopyOptions, 'from' | 'to'>;
}

/** @throws `CONFIG_INVALID` for what the schema cannot know. */
export function openEnds(config: CopyConfig, configPath: string): CopyEnds {
  const folder = dirname(configPath);
  const { from, to, maxRejects, ...options } = config;
  const { source, close } = openQuery(from.salesforce, folder);
  return {
    from: source,
    to: openFiles(to.files, folder),
    names: {
      from: `${from.salesforce.object ?? 'query'} of ${from.salesforce.environmentUrl}`,
      to: join(resolve(folder, to.files.root), to.files.path),
    },
    options: {
      ...options,
      ...(maxRejects === undefined ? {} : { maxRejects: maxRejects === 'unlimited' ? Infinity : maxRejects }),
    },
    [Symbol.asyncDispose]: close,
  };
}

function openQuery(
  config: SalesforceConfig,
  folder: string,
): { readonly source: QuerySource; readonly close: () => Promise<void> } {
  const { environmentUrl, apiVersion, clientId, clientSecret, ca, gzip, reserveApiCalls, ...others } = config;
  const { proxy, connections, connectTimeoutMs, responseTimeoutMs, stallTimeoutMs, ...request } = others;
  const { query, object, fields, where, ...queryOptions } = request;
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
  const asked = query ?? {
    // The schema wants one of them.
    object: object!,
    ...(fields === undefined ? {} : { fields }),
    ...(where === undefined ? {} : { where }),
  };
  return { source: org.query(asked, queryOptions), close: async () => await org[Symbol.asyncDispose]() };
}

function openFiles({ root, path, format, partRows, partBytes }: FilesConfig, folder: string): Sink {
  return files({
    store: localStore(resolve(folder, root)),
    path,
    format: openFormat(format),
    ...(partRows === undefined ? {} : { partRows }),
    ...(partBytes === undefined ? {} : { partBytes }),
  });
}

function openFormat(format: FormatConfig): Format {
  if (typeof format === 'string') return format === 'arrow' ? arrowIpc() : parquet();
  return format.arrow === undefined ? parquet(format.parquet) : arrowIpc(format.arrow);
}

function absoluteSecret(reference: SecretReference, folder: string): SecretReference {
  const { path } = reference;
  return typeof path === 'string' ? { ...reference, path: resolve(folder, path) } : reference;
}
