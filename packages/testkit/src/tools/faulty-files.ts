import type { FileHandle } from 'node:fs/promises';

/** What the operating system refuses. */
export interface FileFault {
  /** Such as `ENOSPC`. */
  readonly code: string;
  /** Whether a call fails, by its name, such as `rename`, and its number since the fault was armed, from 1. */
  fails(name: string, nth: number): boolean;
}

/** Until it is disposed of. */
export interface ArmedFileFault extends Disposable {
  /** Calls so far, by name, those that failed among them. */
  readonly calls: readonly string[];
  /** Of these, calls that failed. */
  readonly hits: number;
}

interface Armed {
  readonly fault: FileFault | undefined;
  readonly calls: string[];
  hits: number;
}

let armed: Armed | undefined;

/**
 * From now on, what `faultyFiles` made fails as the fault says; without one, calls are told and nothing fails.
 *
 * A disk that is full takes what it has room for first: the write that fails with `ENOSPC` writes half of its bytes.
 */
export function armFileFault(fault?: FileFault): ArmedFileFault {
  const own: Armed = { fault, calls: [], hits: 0 };
  armed = own;
  return {
    calls: own.calls,
    get hits() {
      return own.hits;
    },
    [Symbol.dispose]() {
      if (armed === own) armed = undefined;
    },
  };
}

type Call = (...args: never[]) => unknown;

/**
 * `node:fs/promises` with faults, for plugins that keep files, to be put in its place by `vi.mock`:
 *
 * ```ts
 * vi.mock('node:fs/promises', async (importOriginal) => faultyFiles(await importOriginal<object>()));
 * ```
 */
export function faultyFiles<M extends object>(original: M): M {
  const changed = Object.entries(original).map(([name, value]: [string, unknown]) => {
    if (typeof value !== 'function') return [name, value];
    if (name === 'open') return [name, opening(value as (...args: never[]) => Promise<FileHandle>)];
    // A function of the module, called as it was.
    return [name, faulty(name, value as Call)];
  });
  // The same names.
  const files = Object.fromEntries(changed) as M;
  return { ...files, default: files };
}

function opening(open: (...args: never[]) => Promise<FileHandle>) {
  const faultyOpen = faulty('open', open);
  return async (...args: never[]): Promise<FileHandle> => {
    const handle = await faultyOpen(...args);
    for (const name of ['sync', 'stat', 'truncate', 'read'] as const) {
      Object.assign(handle, { [name]: faulty(name, handle[name].bind(handle) as Call) });
    }
    const [write, close] = [handle.write.bind(handle), handle.close.bind(handle)];
    return Object.assign(handle, {
      async write(bytes: Uint8Array, offset: number, length: number, position: number) {
        const refused = refusalOf('write');
        if (refused === undefined) return await write(bytes, offset, length, position);
        if (refused.code === 'ENOSPC' && length > 1) await write(bytes, offset, length >> 1, position);
        throw refused;
      },
      // It is closed, whatever it says.
      async close() {
        await close();
        const refused = refusalOf('close');
        if (refused !== undefined) throw refused;
      },
    });
  };
}

function faulty<F extends Call>(name: string, call: F) {
  return async (...args: Parameters<F>): Promise<Awaited<ReturnType<F>>> => {
    const refused = refusalOf(name);
    if (refused !== undefined) throw refused;
    // The call's own result.
    return (await call(...args)) as Awaited<ReturnType<F>>;
  };
}

/** As Node tells of it. */
function refusalOf(syscall: string): (Error & { readonly code: string }) | undefined {
  if (armed === undefined) return undefined;
  const { fault, calls } = armed;
  calls.push(syscall);
  if (fault?.fails(syscall, calls.length) !== true) return undefined;
  armed.hits++;
  const { code } = fault;
  return Object.assign(new Error(`${code}: refused, ${syscall}`), { code, errno: -1, syscall });
}
