import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

import { queryInput } from './query-input.ts';

/** The line that the emulator's process writes when it is ready. */
const readyOrg = queryInput.extend({ csvBytes: z.int() });

export type BenchOrg = z.output<typeof readyOrg>;

export interface RunningOrg extends AsyncDisposable {
  readonly org: BenchOrg;
}

const PLAIN_ORG = { modulePath: fileURLToPath(new URL('emulator-process.ts', import.meta.url)), more: [] };

/** An org with rows held ready, in a process of its own. */
export async function startOrg(
  rows: number,
  { modulePath, more }: { readonly modulePath: string; readonly more: readonly string[] } = PLAIN_ORG,
): Promise<RunningOrg> {
  const emulator = spawn(process.execPath, ['--conditions=@sluice/source', modulePath, String(rows), ...more], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of emulator.stdout) {
    text += String(chunk);
    if (text.endsWith('\n')) break;
  }
  if (!text.endsWith('\n')) throw new Error(`the emulator ended before it was ready (${emulator.exitCode})`);
  return {
    org: readyOrg.parse(JSON.parse(text)),
    async [Symbol.asyncDispose]() {
      const { promise: closed, resolve } = Promise.withResolvers<void>();
      emulator.on('close', () => resolve());
      emulator.stdin.end();
      await closed;
    },
  };
}
