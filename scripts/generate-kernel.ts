import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runTool } from './check/tool-run.ts';

const ENTRY = 'packages/formats/kernel/kernel.ts';
const OPTIONS = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--importMemory', '--use', 'abort='];

/** The kernel of the CSV decoder, compiled, as a module that needs no file at run time. */
export async function renderKernel(root: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-kernel-'));
  try {
    const file = join(folder, 'kernel.wasm');
    const { exitCode, output } = await runTool(root, 'asc', [ENTRY, ...OPTIONS, '--outFile', file]);
    if (exitCode !== 0) throw new Error(`${ENTRY} does not compile:\n${output}`);
    const bytes = await readFile(file);
    return [
      `/** \`packages/formats/kernel\`, compiled: ${bytes.length} bytes. */`,
      'export const KERNEL_BASE64 =',
      `  '${bytes.toString('base64')}';`,
      '',
    ].join('\n');
  } finally {
    await rm(folder, { recursive: true });
  }
}
