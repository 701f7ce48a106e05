import * as z from 'zod';

import { choice, integer, json, text, timespan } from '../value/dynamic-value.ts';
import { linkedServiceReference } from '../value/reference.ts';
import { EXECUTION_HEAD } from './activity-head.ts';

/** As the published schema of the service has them. */
export const SCRIPT_PARAMETER_TYPES = [
  'Boolean',
  'DateTime',
  'DateTimeOffset',
  'Decimal',
  'Double',
  'Guid',
  'Int16',
  'Int32',
  'Int64',
  'Single',
  'String',
  'Timespan',
] as const;

const scriptParameter = z.object({
  name: text('Name, which stands in the text as @name; left out, the text has $1 and so on.').optional(),
  type: choice('Type of the value.', SCRIPT_PARAMETER_TYPES).default('String'),
  value: json('The value. Not used of an Output.').optional(),
  direction: choice('Whether it goes in, comes out, or both.', ['Input', 'Output', 'InputOutput']).default('Input'),
  size: integer('Not used.').optional(),
});

const script = z.object({
  text: text('SQL: a statement, or several.'),
  type: choice('Query gives the rows, NonQuery how many rows there were.', ['Query', 'NonQuery']).default('Query'),
  parameters: z.array(scriptParameter).default([]).meta({ description: 'Values for the text.' }),
});

const scriptLogSettings = z.object({
  logDestination: choice('Where texts go that the server raises.', ['ActivityOutput', 'ExternalStore']).default(
    'ActivityOutput',
  ),
  logLocationSettings: z
    .object({ linkedServiceName: linkedServiceReference, path: text('Folder.').optional() })
    .optional()
    .meta({ description: 'For ExternalStore.' }),
});

/** Azure Data Factory, "Script activity", and Azure Database for PostgreSQL, "Script activity", read 2026-11. */
export const scriptActivity = z.object({
  type: z.literal('Script').meta({ description: 'Runs SQL.' }),
  ...EXECUTION_HEAD,
  linkedServiceName: linkedServiceReference.meta({ description: 'The database.' }),
  typeProperties: z.object({
    scripts: z.array(script).min(1, { error: 'must hold at least one script' }),
    scriptBlockExecutionTimeout: timespan('How long a script may take. Default: 2 hours.').optional(),
    logSettings: scriptLogSettings.optional().meta({ description: 'Default: nothing is logged.' }),
    scriptReference: json('Not supported: write the text into the pipeline.').optional(),
    returnMultistatementResult: json('Not used: all results are given.').optional(),
    treatDecimalAsString: json('Not used: decimals that no JSON number holds are texts.').optional(),
  }),
});
