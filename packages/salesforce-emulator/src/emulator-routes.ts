import { tokenRoute } from './auth/token-endpoint.ts';
import { userinfoRoute } from './auth/userinfo-endpoint.ts';
import { ingestRoutes } from './bulk-ingest/ingest-routes.ts';
import { jobRoutes } from './bulk-query/job-routes.ts';
import { resultRoutes } from './bulk-query/result-routes.ts';
import { collectionRoutes } from './collections/collection-routes.ts';
import { describeRoutes } from './describe/describe-routes.ts';
import type { EmulatorParts } from './emulator-parts.ts';
import type { Route } from './http/router.ts';
import { reportRoutes } from './reports/report-routes.ts';
import { limitsRoutes } from './rest/limits-routes.ts';
import { queryRoutes, recordRoute } from './rest/query-routes.ts';
import { resourceRoutes } from './rest/resource-routes.ts';

/** Everything the emulator answers. */
export function emulatorRoutes(parts: EmulatorParts): readonly Route[] {
  return [
    tokenRoute(parts),
    userinfoRoute(parts),
    ...resourceRoutes(parts),
    ...limitsRoutes(parts),
    ...describeRoutes(parts),
    ...queryRoutes(parts),
    recordRoute(parts),
    ...jobRoutes(parts),
    ...resultRoutes(parts),
    ...ingestRoutes(parts),
    ...collectionRoutes(parts),
    ...reportRoutes(parts),
  ];
}
