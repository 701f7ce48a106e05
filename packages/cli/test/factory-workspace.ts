import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { PipelineRun } from '@sluice/adf';
import { type Emulator, startEmulator, type StartEmulatorOptions } from '@sluice/salesforce-emulator';

import { sluiceHere } from './sluice-here.ts';
import { type Ended, SluiceProcess } from './sluice-process.ts';

const FACTORY = fileURLToPath(new URL('fixtures/factory', import.meta.url));

/** An org, a copy of the factory, and the command to run on it. */
export interface FactoryWorkspace extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly folder: string;
  readonly state: string;
  /** In the process of the test. */
  readonly run: (...args: readonly string[]) => Promise<Ended>;
  /** As a process of its own. */
  readonly start: (...args: readonly string[]) => SluiceProcess;
  /** Writes or replaces a definition, such as `pipeline/Load`. */
  readonly define: (path: string, properties: object) => Promise<void>;
  /** Names of all files in a folder. */
  readonly filesIn: (folder: string) => Promise<readonly string[]>;
}

export async function factoryWorkspace(options: StartEmulatorOptions = {}): Promise<FactoryWorkspace> {
  const emulator = await startEmulator(options);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-factory-'));
  const state = join(folder, 'state');
  await cp(FACTORY, join(folder, 'factory'), { recursive: true });
  const { url, clientId, clientSecret } = emulator;
  const env = { SF_URL: url, SF_CLIENT_ID: clientId, SF_SECRET: clientSecret };
  return {
    emulator,
    folder,
    state,
    run: async (...args) => await sluiceHere([...args, '--state', state], { cwd: folder, env }),
    start: (...args) => new SluiceProcess([...args, '--state', state], { cwd: folder, env }),
    async define(path, properties) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      await writeFile(join(folder, 'factory', `${path}.json`), JSON.stringify({ name, properties }));
    },
    async filesIn(path) {
      const entries = await readdir(join(folder, path), { recursive: true, withFileTypes: true }).catch(() => []);
      return entries
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
        .toSorted();
    },
    async [Symbol.asyncDispose]() {
      await emulator[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The record of a run on stdout; the tests say what it holds. */
export function recordOf({ stdout }: Ended): PipelineRun {
  return JSON.parse(stdout) as PipelineRun;
}
