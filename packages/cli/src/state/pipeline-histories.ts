import { existsSync } from 'node:fs';

import type { RunHistories } from '@sluice/adf';

import type { StateFolder } from './state-folder.ts';

/** What is kept of runs of pipelines; undefined where none has run, so that a large package is not loaded for nothing. */
export async function pipelineHistories({ pipelines }: StateFolder): Promise<RunHistories | undefined> {
  if (!existsSync(pipelines)) return undefined;
  const adf = await import('@sluice/adf');
  return new adf.RunHistories(pipelines);
}
