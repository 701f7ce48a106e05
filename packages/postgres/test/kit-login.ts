import { Secret } from '@sluice/core';
import type { PostgresOptions } from '@sluice/postgres';
import type { ArmedFault, Faults } from '@sluice/testkit';

import type { PostgresServer } from '../../../test/servers/postgres-server.ts';
import { type AdminSession, openAdmin } from './admin-session.ts';
import { type KitProxy, kitProxy } from './kit-proxy.ts';

export const KIT_PASSWORD = 'pa55-w0rd of the kit';

/** A role, a schema and a proxy of a fixture's own, so that what befalls it befalls no other. */
export interface KitLogin extends AsyncDisposable {
  readonly options: PostgresOptions;
  readonly proxy: KitProxy;
  readonly admin: AdminSession;
  /** Of the schema, and of the role that owns it. */
  readonly name: string;
  /** What may befall any work of the role. */
  readonly faults: Faults & Required<Pick<Faults, 'unreachable' | 'badCredentials' | 'unavailable'>>;
  /** Strikes whenever the role connects from now on. */
  onConnections(): ArmedFault;
  /** Strikes whenever the server answers with such an error. */
  onErrors(sqlState: string): ArmedFault;
}

let logins = 0;

/** Roles of the kit need their password, though the server trusts everybody else. */
export async function requirePasswords(server: PostgresServer): Promise<void> {
  await using admin = await openAdmin(server);
  const [row] = await admin.rows<{ path: string }>(`SELECT current_setting('hba_file') AS path`);
  await admin.rows(
    `COPY (VALUES ('host all /^kit_ 127.0.0.1/32 password'), ('host all all 127.0.0.1/32 trust')) TO '${row!.path}'`,
  );
  await admin.rows('SELECT pg_reload_conf()');
}

export async function kitLogin(server: PostgresServer): Promise<KitLogin> {
  const admin = await openAdmin(server);
  const proxy = await kitProxy(server.options.port);
  const name = `kit_${logins++}`;
  await admin.rows(`

    CREATE ROLE ${name} LOGIN PASSWORD '${KIT_PASSWORD}';
    CREATE SCHEMA ${name} AUTHORIZATION ${name}`);
  const onErrors = (sqlState: string): ArmedFault => {
    return {
      get hits() {
        return proxy.errors(sqlState);
      },
    };
  };
  return {
    options: { ...server.options, port: proxy.port, user: name, password: new Secret(KIT_PASSWORD) },
    proxy,
    admin,
    name,
    faults: {
      unreachable() {
        proxy.refuse();
        return connectionsSince(proxy);
      },
      async badCredentials() {
        await admin.rows(`ALTER ROLE ${name} PASSWORD 'another'`);
        return onErrors('28P01');
      },
      async unavailable({ times }) {
        const limit = async (connections: number): Promise<void> => {
          await admin.rows(`ALTER ROLE ${name} CONNECTION LIMIT ${connections}`);
        };
        await limit(0);
        proxy.beforeError(async (sqlState) => {
          if (sqlState === '53300' && proxy.errors(sqlState) >= times) await limit(-1);
        });
        return onErrors('53300');
      },
    },
    onConnections: () => connectionsSince(proxy),
    onErrors,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await admin.rows(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = $1`, [name]);
      await admin.rows(`DROP SCHEMA ${name} CASCADE; DROP OWNED BY ${name}; DROP ROLE ${name}`);
      await admin[Symbol.asyncDispose]();
    },
  };
}

function connectionsSince(proxy: KitProxy): ArmedFault {
  const before = proxy.connections;
  return {
    get hits() {
      return proxy.connections - before;
    },
  };
}
