import { KERNEL_BASE64 } from './kernel-bytes.ts';

/** A module, compiled and not yet bound to a memory. */
export interface CompiledKernel {
  readonly kind?: 'kernel';
}

/** What is used of https://webassembly.github.io/spec/js-api/, which the types of Node do not have. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => CompiledKernel;
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => {
    readonly buffer: ArrayBuffer;
  };
  readonly Instance: new (module: CompiledKernel, imports: object) => { readonly exports: unknown };
  validate(bytes: Uint8Array): boolean;
}

// Missing only where a platform is set up without it.
export const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };

let compiled: CompiledKernel | undefined;
let isRefused = false;

/** Undefined where WebAssembly, or its vectors, are not to be had. */
export function compiledKernel(): CompiledKernel | undefined {
  if (compiled !== undefined || isRefused) return compiled;
  const bytes = Buffer.from(KERNEL_BASE64, 'base64');
  // oxlint-disable-next-line typescript/no-unnecessary-condition
  isRefused = WebAssembly === undefined || !WebAssembly.validate(bytes);
  if (!isRefused) compiled = new WebAssembly.Module(bytes);
  return compiled;
}
