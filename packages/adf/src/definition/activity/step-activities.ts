import * as z from 'zod';

import { dynamic, expression, flag, integer, json, text } from '../value/dynamic-value.ts';
import { pipelineReference } from '../value/reference.ts';
import { ACTIVITY_HEAD } from './activity-head.ts';

const securePolicy = z
  .object({
    secureInput: flag('Whether the input is left out of records and logs.').default(false),
    secureOutput: flag('Whether the output is left out of records and logs.').default(false),
  })
  .prefault({});

export const setVariableActivity = z.object({
  type: z.literal('SetVariable').meta({ description: 'Gives a variable another value.' }),
  ...ACTIVITY_HEAD,
  policy: securePolicy,
  typeProperties: z.object({
    variableName: z.string().meta({ description: 'Name of the variable, or pipelineReturnValue.' }),
    value: json('A value or an expression; for pipelineReturnValue a list of key and value.').optional(),
    setSystemVariable: flag('Whether the variable is pipelineReturnValue.').default(false),
  }),
});

export const appendVariableActivity = z.object({
  type: z.literal('AppendVariable').meta({ description: 'Adds a value to a variable that is an array.' }),
  ...ACTIVITY_HEAD,
  typeProperties: z.object({
    variableName: z.string().meta({ description: 'Name of the variable.' }),
    value: json('A value or an expression.'),
  }),
});

export const waitActivity = z.object({
  type: z.literal('Wait').meta({ description: 'Waits.' }),
  ...ACTIVITY_HEAD,
  typeProperties: z.object({ waitTimeInSeconds: integer('Seconds.', { min: 0 }) }),
});

export const failActivity = z.object({
  type: z.literal('Fail').meta({ description: 'Ends as failed.' }),
  ...ACTIVITY_HEAD,
  typeProperties: z.object({ message: text('What to say.'), errorCode: text('The code to fail with.') }),
});

export const filterActivity = z.object({
  type: z.literal('Filter').meta({ description: 'Keeps the items of an array that meet a condition.' }),
  ...ACTIVITY_HEAD,
  typeProperties: z.object({
    items: dynamic('The array.', expression),
    condition: dynamic('The condition; item() is the item.', expression),
  }),
});

export const executePipelineActivity = z.object({
  type: z.literal('ExecutePipeline').meta({ description: 'Runs another pipeline.' }),
  ...ACTIVITY_HEAD,
  policy: securePolicy,
  typeProperties: z.object({
    pipeline: pipelineReference,
    parameters: z
      .record(z.string(), json('A value or an expression.'))
      .default({})
      .meta({ description: 'Arguments for the parameters of the pipeline.' }),
    waitOnCompletion: flag('Whether to wait until it has ended.').default(false),
  }),
});
