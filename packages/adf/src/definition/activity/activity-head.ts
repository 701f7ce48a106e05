import * as z from 'zod';

import { flag, integer, timespan } from '../value/dynamic-value.ts';
import { linkedServiceReference } from '../value/reference.ts';

export const DEPENDENCY_CONDITIONS = ['Succeeded', 'Failed', 'Skipped', 'Completed'] as const;
export type DependencyCondition = (typeof DEPENDENCY_CONDITIONS)[number];

const dependency = z.object({
  activity: z.string().meta({ description: 'Name of an activity beside this one.' }),
  dependencyConditions: z
    .array(z.enum(DEPENDENCY_CONDITIONS))
    .default(['Succeeded'])
    .meta({ description: 'How it must have ended: in one of these ways.' }),
});

/** What all activities have. */
export const ACTIVITY_HEAD = {
  name: z.string().meta({ description: 'Name, unique in the pipeline.' }),
  description: z.string().optional().meta({ description: 'For people.' }),
  dependsOn: z.array(dependency).default([]).meta({ description: 'What must have ended before; all of it.' }),
  userProperties: z.array(z.unknown()).default([]).meta({ description: 'Shown in monitoring.' }),
  state: z.enum(['Active', 'Inactive']).default('Active').meta({ description: 'Inactive: it does not run.' }),
  onInactiveMarkAs: z
    .enum(['Succeeded', 'Failed', 'Skipped'])
    .default('Succeeded')
    .meta({ description: 'How an inactive activity ends.' }),
} as const;

const policy = z
  .object({
    timeout: timespan('How long an attempt may take.').default('0.12:00:00'),
    retry: integer('How often to try again.').default(0),
    retryIntervalInSeconds: integer('Seconds between attempts.', { min: 30, max: 86_400 }).default(30),
    secureInput: flag('Whether the input is left out of records and logs.').default(false),
    secureOutput: flag('Whether the output is left out of records and logs.').default(false),
  })
  .prefault({})
  .meta({ description: 'Time-out, retries and secrecy.' });

/** What activities have that do something, besides: those that only steer have no policy. */
export const EXECUTION_HEAD = {
  ...ACTIVITY_HEAD,
  linkedServiceName: linkedServiceReference.optional(),
  policy,
} as const;
