import type { Note } from '@sluice/core';
import type { Schema } from 'apache-arrow';

import type { OrgCatalog } from '../../schema/org-catalog.ts';
import type { IngestPlan, IngestRequest } from '../ingest-plan.ts';

export interface PlannedIngest {
  readonly plan: IngestPlan;
  /** What the user ought to know, and nothing that has to stop a run. */
  readonly notes: readonly Note[];
}

/**
 * Checks a schema and a request against the org's metadata, before any job. Starts nothing.
 *
 * @throws `CONFIG_INVALID`, `OBJECT_UNKNOWN`, `FIELD_UNKNOWN`, `TYPE_UNSUPPORTED`, `TARGET_UNWRITABLE`, with every
 * problem that could be found, and all of them in the details, each with code, column, message and hint.
 */
export declare function planIngest(catalog: OrgCatalog, schema: Schema, request: IngestRequest): Promise<PlannedIngest>;
