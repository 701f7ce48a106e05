export type { AccessToken, Auth, AuthRequest, AuthResponse } from './auth/access-token.ts';
export { clientCredentials, type ClientCredentials } from './auth/client-credentials.ts';
export type { QueryHandle } from './bulk-query/query-handle.ts';
export { type BulkQueryOptions, objectQuery, type ObjectQuery, queryOptions } from './bulk-query/query-options.ts';
export type { QuerySource } from './bulk-query/query-source.ts';
export type { QueryPosition, QuerySplit, QueryState } from './bulk-query/query-state.ts';
export { orgOptions, type OrgOptions } from './org/org-options.ts';
export { salesforce, type SalesforceOrg } from './salesforce-org.ts';
export { checkSoql } from './soql/check-soql.ts';
