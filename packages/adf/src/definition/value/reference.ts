import * as z from 'zod';

import { json } from './dynamic-value.ts';

const parameters = z
  .record(z.string(), json('A value or an expression.'))
  .optional()
  .meta({ description: 'Arguments for the parameters of what is referred to.' });

/** A definition of the factory, by its name. */
function referenceTo<const Type extends string>(
  type: Type,
  what: string,
): z.ZodObject<{ referenceName: z.ZodString; type: z.ZodLiteral<Type>; parameters: typeof parameters }> {
  const name = z
    .string()
    .min(1)
    .meta({ description: `Name of ${what}.` });
  return z.object({ referenceName: name, type: z.literal(type), parameters }).meta({ id: type });
}

export const linkedServiceReference = referenceTo('LinkedServiceReference', 'a linked service');
export const datasetReference = referenceTo('DatasetReference', 'a dataset');
export const pipelineReference = referenceTo('PipelineReference', 'a pipeline');
export const integrationRuntimeReference = referenceTo('IntegrationRuntimeReference', 'an integration runtime');
export const credentialReference = referenceTo('CredentialReference', 'a credential');
