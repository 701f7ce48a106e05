import { compileKernel, type KernelMemory, WebAssembly } from '../../web-assembly/web-assembly.ts';
import { PAGE_KERNEL_BASE64 } from './page-kernel-bytes.ts';

/** What the kernel exports, see `packages/formats/kernel/pages.ts`. Numbers are addresses in its memory. */
interface PageKernelExports {
  uncompressSnappy(input: number, inputEnd: number, output: number, outputEnd: number): number;
}

const PAGE_BYTES = 65_536;
/** Of its memory, which does not shrink. Larger pages are not for the kernel. */
const MAX_PAGES = 512;
/** What the kernel may touch behind the end of a region. */
const SLACK_BYTES = 128;

interface PageKernel {
  readonly memory: KernelMemory;
  readonly exports: PageKernelExports;
}

let kernel: PageKernel | false | undefined;

function openKernel(): PageKernel | false {
  const compiled = compileKernel(PAGE_KERNEL_BASE64);
  if (compiled === undefined) return false;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES });
  // The kernel was made from the sources that these declarations describe.
  return { memory, exports: new WebAssembly.Instance(compiled, { env: { memory } }).exports as PageKernelExports };
}

/**
 * So many bytes from the elements of a Snappy block, which behind their length begin at `from`; `false` where they are
 * not sound, and `undefined` where it has to be done without the kernel.
 */
export function kernelUncompressSnappy(input: Uint8Array, from: number, bytes: number): Uint8Array | false | undefined {
  kernel ??= openKernel();
  const inputAt = bytes + SLACK_BYTES;
  const inputEnd = inputAt + input.length - from;
  const pages = Math.ceil((inputEnd + SLACK_BYTES) / PAGE_BYTES);
  if (kernel === false || pages > MAX_PAGES) return undefined;
  const { memory, exports } = kernel;
  const missing = pages - memory.buffer.byteLength / PAGE_BYTES;
  if (missing > 0) memory.grow(missing);
  const view = new Uint8Array(memory.buffer);
  view.set(from === 0 ? input : input.subarray(from), inputAt);
  return exports.uncompressSnappy(inputAt, inputEnd, 0, bytes) === 0 ? false : view.slice(0, bytes);
}
