import { parseOptions, postgresOptions, type PostgresOptions } from './client/postgres-options.ts';
import { postgresSink, type PostgresSink } from './sink/postgres-sink.ts';
import { sinkOptions, type PostgresSinkOptions } from './sink/sink-options.ts';

/** One PostgreSQL database, as one role. */
export interface PostgresDatabase {
  /**
   * A table to write to: rows are staged beside it by binary COPY and become visible in one transaction.
   *
   * @throws `CONFIG_INVALID` naming each option that is wrong.
   */
  load(options: PostgresSinkOptions): PostgresSink;
}

/**
 * A database to read from and to write to. Connects to nothing yet.
 *
 * @throws `CONFIG_INVALID` naming each option that is wrong, without its value.
 */
export function postgres(options: PostgresOptions): PostgresDatabase {
  const connection = parseOptions('postgres', postgresOptions, options);
  return {
    load: (load) => postgresSink(connection, parseOptions('postgres load', sinkOptions, load)),
  };
}
