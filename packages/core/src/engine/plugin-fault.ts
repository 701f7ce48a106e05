import { SluiceError } from '../error/sluice-error.ts';

/** What a plugin threw, as the one error class; the reason of an aborted signal stays what it is. */
export function pluginFault(plugin: string, error: unknown, signal?: AbortSignal): unknown {
  if (SluiceError.is(error) || (signal?.aborted === true && error === signal.reason)) return error;
  const what = error instanceof Error ? error.message : `it threw ${error === null ? 'null' : typeof error}`;
  return new SluiceError('INTERNAL', `${plugin} failed with an error of no code: ${what}`, {
    cause: error,
    hint: 'This is a defect of the plugin, which must throw coded errors.',
  });
}

export async function fromPlugin<T>(plugin: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw pluginFault(plugin, error, signal);
  }
}

export function contractBroken(plugin: string, rule: string): SluiceError {
  return new SluiceError('CONTRACT_BROKEN', `${plugin} broke its contract: ${rule}`, {
    hint: 'This is a defect of the plugin; report it to its author.',
  });
}
