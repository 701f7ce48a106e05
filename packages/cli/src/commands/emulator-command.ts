import { once } from 'node:events';

import { SluiceError } from '@sluice/core';
import { emulatorOptionsSchema, openOrg, startEmulator, type StartEmulatorOptions } from '@sluice/salesforce-emulator';

import { readConfigFile } from '../config/config-file.ts';
import { parseConfig } from '../config/parse-config.ts';
import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import type { CommandContext } from './command-context.ts';

export interface EmulatorFlags {
  readonly port?: number;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** A file with options of the emulator. */
  readonly options?: string;
  /** A file that defines an org. */
  readonly data?: string;
}

/** Serves an emulated org until it is stopped. */
export async function emulatorCommand(flags: EmulatorFlags, { output, stop }: CommandContext): Promise<ExitCode> {
  const { data, options, ...direct } = flags;
  const fromFile = options === undefined ? {} : await optionsOf(options);
  using org = data === undefined ? undefined : openData(data);
  await using emulator = await start({ ...fromFile, ...direct, ...(org === undefined ? {} : { org }) });
  const { url, clientId, clientSecret, org: served } = emulator;
  output.result(
    [
      `# An emulated Salesforce org, until Ctrl-C. Its credentials open nothing else.`,
      `export SF_URL=${url}`,
      `export SF_CLIENT_ID=${clientId}`,
      `export SF_SECRET=${clientSecret}`,
    ],
    { url, clientId, clientSecret, orgId: served.orgId, objects: served.objects.map(({ name }) => name) },
  );
  if (!stop.signal.aborted) await once(stop.signal, 'abort');
  return EXIT_CODES.done;
}

async function optionsOf(file: string): Promise<StartEmulatorOptions> {
  // The secret of an emulator guards nothing, and is a text like any other.
  return parseConfig(emulatorOptionsSchema, await readConfigFile(file), process.env, new Set());
}

function openData(file: string): ReturnType<typeof openOrg> {
  try {
    return openOrg(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it cannot be read';
    throw new SluiceError('CONFIG_INVALID', `the org of ${file}: ${reason}`, { cause, hint: 'Correct the file.' });
  }
}

async function start(options: StartEmulatorOptions): ReturnType<typeof startEmulator> {
  try {
    return await startEmulator(options);
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause)) throw cause;
    throw new SluiceError('IO_FAILED', `port ${options.port} cannot be listened on (${String(cause.code)})`, {
      cause,
      hint: 'Choose another port, or 0 for a free one.',
    });
  }
}
