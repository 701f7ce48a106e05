import * as z from 'zod';

import { type Activity, activity } from './activity/activity.ts';
import { json } from './value/dynamic-value.ts';
import { parameters, variables } from './value/parameter.ts';
import type { Frozen } from './value/resolved-value.ts';

/** Activities beyond this many, those within others counted, Data Factory refuses. */
export const MAX_ACTIVITIES = 120;
export const MAX_PARAMETERS = 50;

/** `properties` of a pipeline. */
export const pipelineProperties = z.object({
  description: z.string().optional().meta({ description: 'For people.' }),
  activities: z
    .array(z.lazy((): z.ZodType<Activity> => activity))
    .default([])
    .meta({ description: 'What to do.' }),
  parameters,
  variables,
  concurrency: z.int().min(1).optional().meta({ description: 'Most runs at the same time. Default: no limit.' }),
  annotations: z.array(z.unknown()).default([]).meta({ description: 'Tags for people.' }),
  folder: z.object({ name: z.string() }).partial().optional().meta({ description: 'Where editors show it.' }),
  policy: json('Not used.').optional(),
  runDimensions: json('Reported with a run.').optional(),
  lastPublishTime: json('Not used.').optional(),
});

export type PipelineProperties = Frozen<z.output<typeof pipelineProperties>>;
