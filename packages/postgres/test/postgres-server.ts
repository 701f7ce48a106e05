export { type PostgresServer, startPostgres } from '../../../test/servers/postgres-server.ts';
