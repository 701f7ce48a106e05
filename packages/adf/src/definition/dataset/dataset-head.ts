import * as z from 'zod';

import { json } from '../value/dynamic-value.ts';
import { parameters } from '../value/parameter.ts';
import { linkedServiceReference } from '../value/reference.ts';

/** What all datasets have beside `type` and `typeProperties`. */
export const DATASET_HEAD = {
  description: z.string().optional().meta({ description: 'For people.' }),
  linkedServiceName: linkedServiceReference.meta({ description: 'Where the data is.' }),
  parameters,
  annotations: z.array(z.unknown()).default([]).meta({ description: 'Tags for people.' }),
  folder: z.object({ name: z.string() }).partial().optional().meta({ description: 'Where editors show it.' }),
  schema: json('Columns of the data, for people: a list of name and type.').optional(),
  structure: json('Columns of the data, for the legacy columnMappings of copy activities.').optional(),
} as const;
