import * as z from 'zod';

import { copyProperties } from '../copy/copy-properties.ts';
import { copySource } from '../copy/copy-source.ts';
import { flag } from '../value/dynamic-value.ts';
import { datasetReference } from '../value/reference.ts';
import { EXECUTION_HEAD } from './activity-head.ts';

const oneDataset = z.array(datasetReference).length(1, { error: 'must hold exactly one dataset' });

export const copyActivity = z.object({
  type: z.literal('Copy').meta({ description: 'Copies rows.' }),
  ...EXECUTION_HEAD,
  inputs: oneDataset.meta({ description: 'The dataset to read.' }),
  outputs: oneDataset.meta({ description: 'The dataset to write.' }),
  typeProperties: copyProperties,
});

/** Azure Data Factory, "Lookup activity", read 2026-11. */
export const lookupActivity = z.object({
  type: z.literal('Lookup').meta({ description: 'Reads rows into the output of the activity.' }),
  ...EXECUTION_HEAD,
  typeProperties: z.object({
    source: copySource,
    dataset: datasetReference,
    firstRowOnly: flag('Whether to give the first row alone.').default(true),
    treatDecimalAsString: flag('Whether decimals are given as texts.').default(false),
  }),
});
