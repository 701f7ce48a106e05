import * as z from 'zod';

import { json } from './dynamic-value.ts';

/** Of linked services, datasets and pipelines. */
export const PARAMETER_TYPES = ['Object', 'String', 'Int', 'Float', 'Bool', 'Array', 'SecureString'] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

const parameter = z.object({
  type: z.enum(PARAMETER_TYPES).meta({ description: 'Type of the value.' }),
  defaultValue: json('What it is when no argument is given.').optional(),
  metadata: json('Not used.').optional(),
});

export type Parameter = z.output<typeof parameter>;

export const parameters = z.record(z.string(), parameter).default({}).meta({ description: 'Parameters by name.' });

/** The schema of the service says Bool, its editor writes Boolean and Integer. */
export const VARIABLE_TYPES = ['String', 'Bool', 'Boolean', 'Integer', 'Array'] as const;
export type VariableType = (typeof VARIABLE_TYPES)[number];

const variable = z.object({
  type: z.enum(VARIABLE_TYPES).meta({ description: 'Type of the value.' }),
  defaultValue: json('What it is at first.').optional(),
});

export type Variable = z.output<typeof variable>;

export const variables = z.record(z.string(), variable).default({}).meta({ description: 'Variables by name.' });
