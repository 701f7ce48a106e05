import { compiledKernel } from './compiled-kernel.ts';
import { CsvKernel } from './csv-kernel.ts';

const MAX_IDLE = 8;

/** Kernels that no decoder uses: a page of a few rows is decoded before a memory is made for it. */
const idle: CsvKernel[] = [];

/** Undefined where the platform has none. */
export function takeKernel(): CsvKernel | undefined {
  const kernel = idle.pop();
  if (kernel !== undefined) return kernel;
  const compiled = compiledKernel();
  return compiled === undefined ? undefined : new CsvKernel(compiled);
}

/** For the next decoder. Whoever gives a kernel back does not touch it again; one never given back is collected. */
export function giveBackKernel(kernel: CsvKernel): void {
  if (idle.length < MAX_IDLE) idle.push(kernel);
}
