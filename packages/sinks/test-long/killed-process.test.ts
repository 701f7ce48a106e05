import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import { tempFolder } from '../test/files-run.ts';

const SCRIPT = fileURLToPath(new URL('killed-process.ts', import.meta.url));
const run = promisify(execFile);

interface Outcome {
  readonly written: number;
  readonly entries: number;
}

/** Copies in a process of its own. Undefined when it was killed. */
async function copyIn(folder: string, path: string, death: readonly string[] = []): Promise<Outcome | undefined> {
  const paths = [join(folder, 'out'), join(folder, 'journal'), path];
  try {
    const { stdout } = await run(process.execPath, ['--conditions=@sluice/source', SCRIPT, ...paths, ...death]);
    // Written by the script.
    return JSON.parse(stdout) as Outcome;
  } catch (error) {
    if (error instanceof Error && 'signal' in error && error.signal === 'SIGKILL') return undefined;
    throw error;
  }
}

async function filesIn(folder: Awaited<ReturnType<typeof tempFolder>>): Promise<Record<string, string>> {
  const found = Object.entries(await folder.published()).filter(([name]) => name.startsWith('out/'));
  return Object.fromEntries(found.map(([name, bytes]) => [name, bytes.toString('hex')]));
}

describe.each(['rows/', 'rows.parquet'])('a copy to %s', (path) => {
  it.each(['before', 'after'])(
    'ends as an undisturbed one when it is killed %s any entry of its journal',
    async (when) => {
      await using whole = await tempFolder();
      const undisturbed = await copyIn(whole.path, path);
      const expected = await filesIn(whole);

      expect(undisturbed).toMatchObject({ written: 100 });
      expect(Object.keys(expected).length).toBeGreaterThan(0);
      for (let append = 0; append < undisturbed!.entries; append++) {
        await using folder = await tempFolder();
        const killed = await copyIn(folder.path, path, [String(append), when]);
        const resumed = await copyIn(folder.path, path);

        expect(killed, `killed ${when} entry ${append}`).toBeUndefined();
        expect(resumed, `killed ${when} entry ${append}`).toEqual(undisturbed);
        expect(await filesIn(folder), `killed ${when} entry ${append}`).toEqual(expected);
        expect(
          (await folder.names()).filter((name) => name.includes('.sluice-')),
          `killed ${when} entry ${append}`,
        ).toEqual([]);
      }
    },
  );
});
