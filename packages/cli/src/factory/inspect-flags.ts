import type { Factory, InspectOptions } from '@sluice/adf';

import type { CommandContext } from '../commands/command-context.ts';
import { runLogger } from '../commands/run-log.ts';
import { type FactoryFlags, vaultProvider } from './factory-flags.ts';
import { openFactory } from './open-factory.ts';
import { readParameters } from './parameter-flags.ts';

/** What commands take that look at a factory's data outside of a pipeline. */
export interface InspectFlags extends FactoryFlags {
  readonly parameter?: readonly string[];
  readonly parametersFile?: string;
}

export interface FactoryToInspect {
  readonly factory: Factory;
  readonly options: InspectOptions;
}

/** @throws what reading the factory and the parameters throws. */
export async function factoryToInspect(
  path: string,
  flags: InspectFlags,
  context: CommandContext,
): Promise<FactoryToInspect> {
  const { read, folder } = await openFactory(path, flags, context);
  // What files and arguments hold is JSON.
  const parameters = (await readParameters(flags.parameter, flags.parametersFile)) as NonNullable<
    InspectOptions['parameters']
  >;
  return {
    factory: read.factory,
    options: {
      parameters,
      factoryFolder: folder,
      vaults: await vaultProvider(flags.vault),
      strict: flags.strict === true,
      signal: context.stop.signal,
      log: runLogger(context.output),
      ...(flags.apiVersion === undefined ? {} : { defaultApiVersion: flags.apiVersion }),
    },
  };
}
