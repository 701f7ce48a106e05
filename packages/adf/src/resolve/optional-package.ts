import { SluiceError } from '@sluice/core';

/** A package that is installed only where it is used. @throws `PLUGIN_MISSING` naming what to install. */
export async function optionalPackage<Module>(
  name: string,
  load: () => Promise<Module>,
  install: string,
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND')) throw cause;
    throw new SluiceError('PLUGIN_MISSING', `the package ${name} is not installed`, {
      cause,
      hint: `Install ${install}.`,
    });
  }
}
