import { SluiceError } from '@sluice/core';

export interface Driver {
  readonly pg: (typeof import('pg'))['default'];
  readonly copyStreams: typeof import('pg-copy-streams');
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
