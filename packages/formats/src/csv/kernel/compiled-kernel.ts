import { type CompiledKernel, compileKernel } from '../../web-assembly/web-assembly.ts';
import { KERNEL_BASE64 } from './kernel-bytes.ts';

let compiled: CompiledKernel | undefined;
let isRefused = false;

/** Undefined where WebAssembly, or its vectors, are not to be had. */
export function compiledKernel(): CompiledKernel | undefined {
  if (compiled !== undefined || isRefused) return compiled;
  compiled = compileKernel(KERNEL_BASE64);
  isRefused = compiled === undefined;
  return compiled;
}
