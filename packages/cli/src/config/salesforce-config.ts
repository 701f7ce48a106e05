import { ingestOptions, objectQuery, orgOptions, queryOptions } from '@sluice/salesforce';
import * as z from 'zod';

import { secretConfig } from './secret-config.ts';

const { environmentUrl, apiVersion, clientId, ca, gzip, connections, reserveApiCalls } = orgOptions.shape;
const { connectTimeoutMs, responseTimeoutMs, stallTimeoutMs } = orgOptions.shape;
const { object, fields, where } = objectQuery.shape;

const proxy = z
  .union([z.url({ error: 'must be a URL' }).refine(hasNoPassword, { error: 'holds a password' }), z.literal(false)], {
    error: 'must be a URL, or false for none',
  })
  .exactOptional()
  .meta({
    description:
      'URL of a proxy, without user and password, or false for none. Default: HTTPS_PROXY, HTTP_PROXY and NO_PROXY.',
  });

const org = {
  environmentUrl,
  apiVersion,
  clientId: clientId.unwrap().meta({ description: 'Consumer key of the connected app.' }),
  clientSecret: secretConfig.meta({ description: 'Where the consumer secret of the connected app is.' }),
  proxy,
  ca,
  gzip,
  connections,
  reserveApiCalls,
  connectTimeoutMs,
  responseTimeoutMs,
  stallTimeoutMs,
};

const query = {
  query: z.string().min(1).exactOptional().meta({ description: 'The query as SOQL.' }),
  object: object.exactOptional().meta({ description: 'API name of an object to read, in place of a query.' }),
  fields,
  where,
};

/** A query on a Salesforce org: what the org and the query take, but for what is not text. */
export const salesforceConfig = z
  .strictObject({ ...org, ...query, ...queryOptions.shape })
  .refine((config) => (config.query === undefined) !== (config.object === undefined), {
    error: 'needs either query or object',
    when: isGroup,
  })
  .refine((config) => config.query === undefined || (config.fields === undefined && config.where === undefined), {
    error: 'has fields or where beside a query: they belong to an object',
    when: isGroup,
  });

/** An object of a Salesforce org to write to. */
export const salesforceSinkConfig = z.strictObject({ ...org, ...ingestOptions.shape });

export type SalesforceConfig = z.output<typeof salesforceConfig>;
export type SalesforceSinkConfig = z.output<typeof salesforceSinkConfig>;

/** Told beside whatever else is wrong with the keys. */
function isGroup({ value }: z.core.ParsePayload): boolean {
  return typeof value === 'object' && value !== null;
}

function hasNoPassword(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { username, password } = new URL(url);
  return username === '' && password === '';
}
