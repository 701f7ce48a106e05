import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';

import { runCommandLine } from '../src/command-line.ts';
import type { Ended, SluiceOptions } from './sluice-process.ts';

type Place = Required<Pick<SluiceOptions, 'cwd' | 'env'>>;

/** Where commands run just now, how many they are, and how to get back from there. */
let here: { readonly cwd: string; readonly leave: () => void; commands: number } | undefined;

/**
 * The command in the process of the test, which starts in no time: for all that a process of its own adds nothing to.
 * Sessions of orgs are those of the process, so a test of a login starts one.
 */
export async function sluiceHere(args: readonly string[], place: Place): Promise<Ended> {
  here ??= { cwd: place.cwd, leave: enter(place), commands: 0 };
  if (here.cwd !== place.cwd) throw new Error('a process is in one folder at a time');
  const mine = here;
  mine.commands += 1;
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  try {
    // What is written to it is kept, and a terminal it is not.
    const code = await runCommandLine(args, { stdout, stderr: stderr as unknown as WriteStream });
    return { code, signal: null, stdout: textOf(stdout), stderr: textOf(stderr) };
  } finally {
    mine.commands -= 1;
    if (mine.commands === 0) {
      here = undefined;
      mine.leave();
    }
  }
}

/** Goes to the folder and sets the variables; what is returned goes back. */
function enter({ cwd, env }: Place): () => void {
  const before = process.cwd();
  const variables = Object.entries({ ...env, NO_COLOR: '1' });
  const values = variables.map(([name]) => [name, process.env[name]] as const);
  process.chdir(cwd);
  Object.assign(process.env, Object.fromEntries(variables));
  return () => {
    process.chdir(before);
    for (const [name, value] of values) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

function textOf(stream: PassThrough): string {
  return String(stream.read() ?? '');
}
