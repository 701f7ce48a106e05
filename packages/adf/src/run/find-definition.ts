import { SluiceError } from '@sluice/core';

import type { Dataset, Definition, Definitions, Factory, LinkedService, Pipeline } from '../definition/factory.ts';
import { didYouMean } from '../expression/nearest-name.ts';

/** @throws `CONFIG_INVALID` naming what there is. */
export function requirePipeline({ pipelines }: Factory, name: string): Pipeline {
  return requireDefinition('pipeline', pipelines, name);
}

/** @throws `CONFIG_INVALID` naming what there is. */
export function requireDataset({ datasets }: Factory, name: string): Dataset {
  return requireDefinition('dataset', datasets, name);
}

/** @throws `CONFIG_INVALID` naming what there is. */
export function requireLinkedService({ linkedServices }: Factory, name: string): LinkedService {
  return requireDefinition('linked service', linkedServices, name);
}

function requireDefinition<Item extends Definition<unknown>>(
  what: string,
  items: Definitions<Item>,
  name: string,
): Item {
  const found = items.get(name);
  if (found !== undefined) return found;
  const names = [...items].map((item) => item.name);
  throw new SluiceError('CONFIG_INVALID', `the factory has no ${what} ${JSON.stringify(name)}`, {
    hint: didYouMean(name, names) ?? (names.length === 0 ? `It has none.` : `It has: ${names.join(', ')}.`),
  });
}
