import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Emulator } from '@sluice/salesforce-emulator';

const SF = fileURLToPath(new URL('node_modules/.bin/sf', import.meta.url));

/** What a command prints with `--json`. */
export interface CliAnswer {
  readonly status: number;
  readonly result?: unknown;
  readonly message?: string;
}

export interface SalesforceCli extends AsyncDisposable {
  /** Its home, where it may leave files. */
  readonly folder: string;
  /** Runs one command against the org. */
  run(...args: readonly string[]): Promise<CliAnswer>;
}

/** The CLI in a home of its own, with a token of the emulator in the place of a login. */
export async function salesforceCli(emulator: Emulator): Promise<SalesforceCli> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-sf-'));
  const token = await tokenOf(emulator);
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    SF_ORG_INSTANCE_URL: emulator.url,
    SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
    SF_DISABLE_TELEMETRY: 'true',
    SF_AUTOUPDATE_DISABLE: 'true',
    SF_SKIP_NEW_VERSION_CHECK: 'true',
  };
  return {
    folder,
    async run(...args) {
      const given = [...args, '--target-org', token, '--api-version', '64.0', '--json'];
      const output = await new Promise<string>((resolve) => {
        // A command that fails says why in its answer.
        execFile(SF, given, { cwd: folder, env, maxBuffer: 64 * 1_048_576 }, (_error, stdout) => resolve(stdout));
      });
      // As documented for `--json`.
      return JSON.parse(output) as CliAnswer;
    },
    [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true, force: true }),
  };
}

async function tokenOf({ url, clientId, clientSecret }: Emulator): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  });
  const response = await fetch(`${url}/services/oauth2/token`, { method: 'POST', body });
  const { access_token: token } = (await response.json()) as { readonly access_token: string };
  return token;
}
