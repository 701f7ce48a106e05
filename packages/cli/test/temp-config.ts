import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { SluiceError } from '@sluice/core';

import { readConfigFile } from '../src/config/config-file.ts';
import { copyConfig, type CopyConfig } from '../src/config/copy-config.ts';
import type { Environment } from '../src/config/env-variables.ts';
import { parseConfig } from '../src/config/parse-config.ts';

/** Writes a text to a file, and reads it as the configuration of a copy. */
export async function parseText(text: string, env: Environment = {}): Promise<CopyConfig> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-config-'));
  try {
    const path = join(folder, 'copy.yaml');
    await writeFile(path, text);
    return parseConfig(copyConfig, { ...(await readConfigFile(path)), name: 'copy.yaml' }, env);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The lines of the error that a text leads to, the folder left out. */
export async function problemsOf(text: string, env: Environment = {}): Promise<readonly string[]> {
  const error = await parseText(text, env).then(
    () => undefined,
    // Whatever else it is fails the test that looks into it.
    (thrown: unknown) => thrown as SluiceError,
  );
  const lines = error?.message.split('\n') ?? [];
  return (lines.length > 1 ? lines.slice(1) : lines).map((line) => line.trim().replace(/^\S*copy\.yaml:/, ''));
}
