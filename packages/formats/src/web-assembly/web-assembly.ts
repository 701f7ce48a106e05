/** A module, compiled and not yet bound to a memory. */
export interface CompiledKernel {
  readonly kind?: 'kernel';
}

export interface KernelMemory {
  /** Another one after growing. */
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What is used of https://webassembly.github.io/spec/js-api/, which the types of Node do not have. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => CompiledKernel;
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => KernelMemory;
  readonly Instance: new (module: CompiledKernel, imports: object) => { readonly exports: unknown };
  validate(bytes: Uint8Array): boolean;
}

// Missing only where a platform is set up without it.
export const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };

/** A kernel in base64. Undefined where WebAssembly, or its vectors, are not to be had. */
export function compileKernel(base64: string): CompiledKernel | undefined {
  const bytes = Buffer.from(base64, 'base64');
  // oxlint-disable-next-line typescript/no-unnecessary-condition
  if (WebAssembly === undefined || !WebAssembly.validate(bytes)) return undefined;
  return new WebAssembly.Module(bytes);
}
