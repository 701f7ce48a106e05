import type { PostgresDatabase } from '@sluice/postgres';

import { optionalPackage } from '../../resolve/optional-package.ts';
import { type PostgresConnection, postgresConnection, type PostgresPlace } from '../../secrets/postgres-connection.ts';
import type { LinkedServiceRequest } from '../../secrets/resolve-linked-service.ts';

export interface OpenDatabase extends Omit<PostgresConnection, 'options'> {
  readonly db: PostgresDatabase;
}

/**
 * The database of a linked service. Vaults are asked for its secrets; the database itself is not connected to yet.
 *
 * @throws `PLUGIN_MISSING` naming the packages to install; what `postgresConnection` throws.
 */
export async function openDatabase(request: LinkedServiceRequest, place: PostgresPlace): Promise<OpenDatabase> {
  const { postgres } = await optionalPackage(
    '@sluice/postgres',
    () => import('@sluice/postgres'),
    '@sluice/postgres, pg and pg-copy-streams',
  );
  const { options, ...connection } = await postgresConnection(request, place);
  return { ...connection, db: postgres(options) };
}
