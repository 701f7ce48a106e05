import { SluiceError } from '@sluice/core';
import { parseOptions } from '@sluice/core/options';
import { type EmulatorCommandOptions, emulatorCommandSchema, runEmulator } from '@sluice/salesforce-emulator';
import * as z from 'zod';

import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import type { CommandContext } from './command-context.ts';

export type EmulatorFlags = Omit<EmulatorCommandOptions, 'json'>;

const emulatorFacts = z.looseObject({ url: z.string(), clientId: z.string(), clientSecret: z.string() });

/** Serves an emulated org until it is stopped, which is what it is for: then it is done. */
export async function emulatorCommand(flags: EmulatorFlags, { output, stop }: CommandContext): Promise<ExitCode> {
  // The emulator refuses them, too, in words of its own.
  parseOptions('sluice emulator', emulatorCommandSchema, flags);
  try {
    await runEmulator(
      { ...flags, json: true },
      {
        signal: stop.signal,
        write(text) {
          const facts = emulatorFacts.parse(JSON.parse(text));
          const { url, clientId, clientSecret } = facts;
          output.result(
            [
              '# An emulated Salesforce org, until Ctrl-C. Its credentials open nothing else.',
              `export SF_URL=${url}`,
              `export SF_CLIENT_ID=${clientId}`,
              `export SF_SECRET=${clientSecret}`,
            ],
            facts,
          );
        },
      },
    );
  } catch (cause) {
    throw emulatorFault(cause);
  }
  return EXIT_CODES.done;
}

function emulatorFault(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  if (!('code' in cause)) return new SluiceError('CONFIG_INVALID', cause.message, { cause });
  return new SluiceError('IO_FAILED', `the emulator cannot start: ${cause.message}`, {
    cause,
    hint: 'Choose another port, or none for a free one; check that the file of --data can be read.',
  });
}
