import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runTool } from './check/tool-run.ts';

const OPTIONS = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--importMemory', '--use', 'abort='];

/** A kernel in `packages/formats/kernel`, compiled, as a module that needs no file at run time. */
export async function renderKernel(root: string, entry: string, constant: string): Promise<string> {
  const source = `packages/formats/kernel/${entry}`;
  const folder = await mkdtemp(join(tmpdir(), 'sluice-kernel-'));
  try {
    const file = join(folder, 'kernel.wasm');
    const { exitCode, output } = await runTool(root, 'asc', [source, ...OPTIONS, '--outFile', file]);
    if (exitCode !== 0) throw new Error(`${source} does not compile:\n${output}`);
    const bytes = await readFile(file);
    return [
      `/** \`${source}\`, compiled: ${bytes.length} bytes. */`,
      `export const ${constant} =`,
      `  '${bytes.toString('base64')}';`,
      '',
    ].join('\n');
  } finally {
    await rm(folder, { recursive: true });
  }
}
