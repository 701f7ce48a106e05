import { secret } from '@sluice/core';
import { type BulkQueryOptions, type OrgOptions, salesforce } from '@sluice/salesforce';

import { API_VERSION, type QueryInput } from './query-input.ts';

/** As fast a poll as the peers have. */
export const QUERY_OPTIONS: BulkQueryOptions = { poll: { firstMs: 50, startMs: 50 } };

export function sluiceOrg({ url, clientId, clientSecret }: QueryInput, options: Partial<OrgOptions>) {
  return salesforce({
    environmentUrl: url,
    apiVersion: API_VERSION,
    clientId,
    clientSecret: secret.value(clientSecret),
    ...options,
  });
}
