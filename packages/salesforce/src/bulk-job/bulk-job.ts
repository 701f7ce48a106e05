/** What query jobs and ingest jobs have in common. */
export interface BulkJob {
  readonly id: string;
  /** As Salesforce spells it. */
  readonly state: string;
}

/** What finds a job again: it is served to the API version it was created with alone. */
export interface JobReference {
  readonly id: string;
  readonly apiVersion: string;
}

/** A job goes on while nobody can ask for it: enough attempts for an org that is away for some minutes. */
export const STATUS_ATTEMPTS = 25;

/** The status of a deletion that took place. */
export const DELETED = 204;

export const JOB_ID: RegExp = /^750[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?$/;

const TERMINAL_STATES = new Set(['JobComplete', 'Failed', 'Aborted']);

export function isJobId(id: string): boolean {
  return JOB_ID.test(id);
}

export function isTerminal({ state }: Pick<BulkJob, 'state'>): boolean {
  return TERMINAL_STATES.has(state);
}
