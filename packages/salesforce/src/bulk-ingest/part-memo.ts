import type { Memo } from '@sluice/core';
import * as z from 'zod';

import { JOB_ID } from '../bulk-job/bulk-job.ts';
import { orphanRecord, type OrphanRecord } from '../bulk-job/job-orphan.ts';
import { memoValue } from '../bulk-job/memo-value.ts';

const jobIds = z.array(z.string().regex(JOB_ID)).readonly();

const partJobs = z.object({
  v: z.literal(1),
  /** Every job that was created for the part, those of earlier attempts to write it included. */
  jobs: jobIds,
  /** Those that have ended without a row, and need no thought any more. */
  voided: jobIds,
  /** Those that the org may have been told to process. */
  closing: jobIds,
  /** Set before a job is asked for; still there afterwards when no answer came. */
  creating: orphanRecord.optional(),
  orphans: z.array(orphanRecord).readonly(),
});

type PartJobs = z.output<typeof partJobs>;

const KEY = 'ingest';
const NONE: PartJobs = { v: 1, jobs: [], voided: [], closing: [], orphans: [] };

/** What is remembered of a part's jobs, so that none is ever forgotten. */
export interface PartMemo {
  readonly state: Readonly<PartJobs>;
  beginCreation(creation: OrphanRecord): Promise<void>;
  /** The request that was under way made this job, no job, or nobody knows. */
  endCreation(outcome: { readonly job: string } | 'none' | 'orphan'): Promise<void>;
  /** Before the org is told to process it. */
  setClosing(id: string): Promise<void>;
  addVoided(id: string): Promise<void>;
}

export function partMemo(memo: Memo): PartMemo {
  const state = (): PartJobs => memoValue(memo, KEY, partJobs) ?? NONE;
  const add = async (key: 'voided' | 'closing', id: string): Promise<void> => {
    const now = state();
    if (!now[key].includes(id)) await memo.set(KEY, { ...now, [key]: [...now[key], id] });
  };
  return {
    get state() {
      return state();
    },
    beginCreation: async (creating) => {
      await memo.set(KEY, { ...state(), creating });
    },
    async endCreation(outcome) {
      const { creating, ...now } = state();
      await memo.set(KEY, {
        ...now,
        ...(typeof outcome === 'object' ? { jobs: [...now.jobs, outcome.job] } : {}),
        ...(outcome === 'orphan' && creating !== undefined ? { orphans: [...now.orphans, creating] } : {}),
      });
    },
    setClosing: async (id) => await add('closing', id),
    addVoided: async (id) => await add('voided', id),
  };
}
