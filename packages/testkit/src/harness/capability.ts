import type { FaultKind } from './fault-kind.ts';

/**
 * What a plugin declares or a harness can do. A check names those it needs; where one is missing, the check is not
 * applicable, and the report says which.
 */
export type Capability =
  | 'positions'
  | 'ordered'
  | 'anySchema'
  | 'atomic'
  | 'stream'
  | 'parallelWriters'
  | 'commitAtEnd'
  | 'keepsRows'
  | 'keepsOrder'
  | 'requests'
  | 'peakRequests'
  | 'leftovers'
  | 'secrets'
  | 'badOptions'
  | 'variants'
  | 'content'
  | 'columnNames'
  | 'stall'
  | 'badRows'
  | 'refusedFields'
  | 'decode'
  | 'open'
  | 'textColumns'
  | 'numberColumns'
  | 'timeColumns'
  | `mode:${'create' | 'append' | 'overwrite' | 'upsert'}`
  | `fault:${FaultKind}`;
