import * as z from 'zod';

import { dynamic, expression, flag, integer, timespan } from '../value/dynamic-value.ts';

/** Properties of activities that hold others, without those. */
export const FOR_EACH = {
  items: dynamic('The array to go through.', expression),
  isSequential: flag('Whether one item comes after the other.').default(false),
  batchCount: integer('Most items at the same time.', { min: 1, max: 50 }).default(20),
} as const;

export const IF_CONDITION = { expression: dynamic('The condition.', expression) } as const;

export const SWITCH = { on: dynamic('The text that chooses a case.', expression) } as const;

export const SWITCH_CASE = { value: z.string().meta({ description: 'The text it is chosen by.' }) } as const;

export const UNTIL = {
  expression: dynamic('The condition to end at, tested after each round.', expression),
  timeout: timespan('How long it may take in all; at most 90 days.').default('7.00:00:00'),
} as const;
