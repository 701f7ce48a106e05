import { SluiceError } from '@sluice/core';
import type pgModule from 'pg';
import type * as copyStreamsModule from 'pg-copy-streams';

export interface Driver {
  readonly pg: typeof pgModule;
  readonly copyStreams: typeof copyStreamsModule;
}

/** @throws `PLUGIN_MISSING` naming the package to install. */
export async function loadDriver(): Promise<Driver> {
  const [pg, copyStreams] = await Promise.all([
    loaded('pg', async () => (await import('pg')).default),
    loaded('pg-copy-streams', async () => await import('pg-copy-streams')),
  ]);
  return { pg, copyStreams };
}

async function loaded<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new SluiceError('PLUGIN_MISSING', `PostgreSQL needs the package ${name}, which is not installed`, {
      cause,
      hint: `Install ${name} beside @sluice/postgres.`,
    });
  }
}
