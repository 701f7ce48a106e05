import * as z from 'zod';

import { json } from '../value/dynamic-value.ts';
import { parameters } from '../value/parameter.ts';
import { integrationRuntimeReference } from '../value/reference.ts';

/** What all linked services have beside `type` and `typeProperties`. */
export const LINKED_SERVICE_HEAD = {
  description: z.string().optional().meta({ description: 'For people.' }),
  version: json('Version of the connector. Not used.').optional(),
  connectVia: integrationRuntimeReference
    .optional()
    .meta({ description: 'Integration runtime. Read and not used: everything runs in this process.' }),
  parameters,
  annotations: z.array(z.unknown()).default([]).meta({ description: 'Tags for people.' }),
} as const;

export const encryptedCredential = z
  .string()
  .optional()
  .meta({ description: 'A credential only the factory that wrote it can read. Not used.' });
