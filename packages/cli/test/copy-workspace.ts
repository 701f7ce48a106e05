import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Emulator, startEmulator, type StartEmulatorOptions } from '@sluice/salesforce-emulator';

import { sluiceHere } from './sluice-here.ts';
import { type Ended, SluiceProcess } from './sluice-process.ts';

/** An org, a folder with a configuration and its state, and the command to run in it. */
export interface CopyWorkspace extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly folder: string;
  /** Where runs are kept. */
  readonly state: string;
  /** In the process of the test. */
  readonly run: (...args: readonly string[]) => Promise<Ended>;
  /** As a process of its own. */
  readonly start: (...args: readonly string[]) => SluiceProcess;
  /** Writes `copy.yaml`. */
  readonly configure: (change?: ConfigChange) => Promise<void>;
  /** Digests of the files in a folder, by name. */
  readonly filesIn: (folder: string) => Promise<ReadonlyMap<string, string>>;
}

export interface ConfigChange {
  readonly query?: string;
  readonly path?: string;
  /** A further line beside the query. */
  readonly request?: string;
  /** Further lines, at the top level. */
  readonly more?: string;
}

export async function copyWorkspace(options: StartEmulatorOptions = {}): Promise<CopyWorkspace> {
  const emulator = await startEmulator({ results: { pageRows: 100 }, ...options });
  const folder = await mkdtemp(join(tmpdir(), 'sluice-cli-'));
  const state = join(folder, 'state');
  const { url, clientId, clientSecret } = emulator;
  const env = { SF_URL: url, SF_CLIENT_ID: clientId, SF_SECRET: clientSecret, XDG_STATE_HOME: join(folder, 'home') };
  const workspace: CopyWorkspace = {
    emulator,
    folder,
    state,
    run: async (...args) => await sluiceHere([...args, '--state', state], { cwd: folder, env }),
    start: (...args) => new SluiceProcess([...args, '--state', state], { cwd: folder, env }),
    configure: async (change) => await writeFile(join(folder, 'copy.yaml'), configText(change)),
    async filesIn(name) {
      const names = await readdir(join(folder, name));
      const digests = names.sort().map(async (file): Promise<[string, string]> => {
        const bytes = await readFile(join(folder, name, file));
        return [file, createHash('sha256').update(bytes).digest('hex')];
      });
      return new Map(await Promise.all(digests));
    },
    async [Symbol.asyncDispose]() {
      await emulator[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await workspace.configure();
  return workspace;
}

function configText({
  query = 'SELECT Id, Name, Code__c FROM Country__c',
  path = 'countries/',
  request = '',
  more = '',
}: ConfigChange = {}): string {
  return `
from:
  salesforce:
    environmentUrl: \${env:SF_URL}
    apiVersion: '64.0'
    clientId: \${env:SF_CLIENT_ID}
    clientSecret: { secret: env, name: SF_SECRET }
    query: ${query}
    poll: { firstMs: 1, startMs: 1, maxMs: 20 }
    ${request}
to:
  files: { root: ./out, path: ${path}, format: { parquet: { compression: zstd } } }
${more}
`;
}

/** The document on stdout. */
export function documentOf({ stdout }: Pick<Ended, 'stdout'>): unknown {
  return JSON.parse(stdout);
}
