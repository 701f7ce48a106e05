import type { LeftBehind, Sink } from '@sluice/core';

import { quoteTable } from '../client/identifier.ts';
import { configOf, type ParsedPostgresOptions, placeOf } from '../client/postgres-options.ts';
import { openSession, withSession } from '../client/session.ts';
import { commitRun } from './commit-run.ts';
import { openTarget } from './open-target.ts';
import { partWriter } from './part-writer.ts';
import { partResults, readOutcome } from './run-outcome.ts';
import type { ParsedSinkOptions } from './sink-options.ts';
import { type PostgresMessage, type PostgresTarget, requireVersion } from './sink-state.ts';
import { dropStaging, endWriters, stagingTables } from './staging.ts';

export type PostgresSink = Sink<PostgresTarget, PostgresMessage>;

/** What one writer holds: a batch in the server's form, which is about as large, and what waits in the socket. */
const BUFFER_BYTES = 8 * 1_048_576;

export function postgresSink(connection: ParsedPostgresOptions, options: ParsedSinkOptions): PostgresSink {
  return {
    contractVersion: 1,
    name: 'postgres',
    config: { ...placeOf(connection), ...configOf(options) },
    traits: {
      guarantee: 'atomic',
      commit: 'end',
      writers: options.writers,
      bufferBytes: BUFFER_BYTES,
      ...(options.partRows === undefined ? {} : { part: { rows: options.partRows } }),
    },

    async check(ctx) {
      await withSession(connection, ctx, 'check the database', async () => {});
    },

    open: async (schema, intent, ctx) =>
      // Staging tables have the name that the run remembers, and are made where they are missing.
      await withSession(connection, ctx, 'open the table', async (session) =>
        openTarget(session, { options, schema, intent, ctx }),
      ),

    async writer(target, schema, part, ctx) {
      requireVersion(target);
      return await partWriter(await openSession(connection, ctx), target, schema, part, ctx);
    },

    async *commit(target, _schema, parts, ctx) {
      for (const state of [target, ...parts.map(({ message }) => message)]) requireVersion(state);
      await using session = await openSession(connection, ctx);
      const outcome = await commitRun(session, target, parts, options, ctx);
      yield* partResults(
        outcome,
        parts.map(({ part }) => part),
      );
    },

    async abort(target, _schema, parts, ctx) {
      requireVersion(target);
      try {
        const outcome = await withSession(connection, ctx, 'drop the staging tables', async (session) => {
          // Writers of processes that are gone may still hold them.
          await session.run('drop the staging tables', `${endWriters(target)}; ${dropStaging(target)}`);
          return await readOutcome(session, quoteTable(stagingTables(target).runs), target.runId);
        });
        const prepared = parts.flatMap(({ part, message }) => (message === undefined ? [] : part));
        return { leftBehind: [], results: outcome === undefined ? [] : [...partResults(outcome, prepared)] };
      } catch (error) {
        return { leftBehind: [staged(target, error)] };
      }
    },

    async [Symbol.asyncDispose]() {},
  };
}

function staged(target: PostgresTarget, error: unknown): LeftBehind {
  return {
    kind: 'staging table',
    id: quoteTable(stagingTables(target).rows),
    reason: error instanceof Error ? error.message : 'It could not be dropped.',
    hint: 'Drop it and its companion that ends in _parts.',
  };
}
