import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TempFolder extends AsyncDisposable {
  /** What is in it. */
  names(): Promise<readonly string[]>;
}

/** Until it is disposed of, temporary files of this process are made in a folder of their own. */
export async function ownTempFolder(): Promise<TempFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-testkit-'));
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  return {
    names: () => readdir(folder),
    async [Symbol.asyncDispose]() {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
