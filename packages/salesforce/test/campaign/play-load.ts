import { abandon, collect, copy, fromBatches, type LeftBehind, sqliteJournal } from '@sluice/core';
import type { Clock, CopyOptions, Journal, Receipt } from '@sluice/core';
import { type AddedFault, scheduledFault, type ScheduledFault } from '@sluice/salesforce-emulator';
import { rowsOf } from '@sluice/testkit';

import type { IngestOptions, SalesforceOrg } from '../../src/index.ts';
import { ingestOrg, itemBatch, items, itemSchema } from '../ingest-org.ts';
import { type Death, dyingProcess } from './dying-process.ts';
import { fastClock } from './fast-clock.ts';
import { anyIs, areSurvivable } from './fault-traits.ts';
import { endingProblems, isTwin, LOAD_ROWS, LOAD_RUN, TWIN_KEY } from './load-verdict.ts';
import { targetFolder } from './target-folder.ts';

/** What a load is like, whatever goes wrong with it. */
export interface LoadSetting {
  /** Rows without a parent go into jobs of their own. */
  readonly hasParents: boolean;
  /** Some rows have a key that others have, too, and all are sent, by upsert. */
  readonly hasTwins: boolean;
  readonly deleteJobs: boolean;
  /** The load goes on however many rows are rejected. */
  readonly takesRejects: boolean;
}

/** What goes wrong with a load, and where; JSON. */
export interface LoadSchedule extends LoadSetting {
  readonly faults: readonly ScheduledFault[];
  /** One process after the other dies there; the last one lives. */
  readonly deaths: readonly Death[];
  /** A run that fails is resumed so often, then abandoned. */
  readonly resumes: number;
}

export interface PlayedLoad {
  readonly problems: readonly string[];
  /** It ended with every row in the org. */
  readonly isWhole: boolean;
  /** How often each fault fell on a request. */
  readonly hits: readonly number[];
}

/** Jobs are of several chunks, so that one can end among its rows. */
export const LOAD_EMULATOR = { ingest: { chunkRows: 5 } } as const;
const JOB_ROWS = 40;
const CLOCK_SPEED = 1000;
const CLEANUP_MS = 20_000_000;
/** Virtual; two real seconds, in which a load that is not stuck sends all it has, on a busy machine too. */
const JOB_TIMEOUT_MS = 2_000_000;
/** Real. Where nothing stalls, no wait is to end by itself, however busy the machine. */
const STALL_MS = 1000;
const NO_STALL_MS = 60_000;

const COLOURS = ['red', null, 'blue'] as const;
const SEND_TWINS: Partial<IngestOptions> = { operation: 'upsert', externalId: 'Key__c', duplicateKeys: 'send' };

export function loadOptions(org: SalesforceOrg, schedule: LoadSchedule): Pick<CopyOptions, 'from' | 'to'> {
  const { faults, hasParents, hasTwins, deleteJobs } = schedule;
  const rows = items(LOAD_ROWS, (n) => ({
    ...(hasParents ? { box: COLOURS[n % 3]! } : {}),
    ...(hasTwins && isTwin(n) ? { Key__c: TWIN_KEY } : {}),
  }));
  return {
    from: fromBatches(itemSchema(rows), () => [itemBatch(rows)]),
    to: org.ingest({
      object: 'Item__c',
      writeBatchSize: JOB_ROWS,
      maxConcurrentConnections: 2,
      deleteJobs,
      ...(hasTwins ? SEND_TWINS : {}),
      ...(anyIs(faults, 'hangs') ? { jobTimeoutMs: JOB_TIMEOUT_MS } : {}),
    }),
  };
}

/** Processes one after the other, each with nothing but the journal, until one ends the run. */
export async function playLoad(schedule: LoadSchedule): Promise<PlayedLoad> {
  const { faults, hasTwins, takesRejects, resumes } = schedule;
  const timeoutMs = anyIs(faults, 'stalls') ? STALL_MS : NO_STALL_MS;
  await using target = await ingestOrg({
    emulator: LOAD_EMULATOR,
    org: { responseTimeoutMs: timeoutMs, stallTimeoutMs: timeoutMs },
  });
  await using folder = await targetFolder();
  const journal = sqliteJournal(folder.journalPath);
  const clock = fastClock(CLOCK_SPEED);
  const added = faults.map((fault) => target.emulator.faults.add(scheduledFault(fault)));
  // It is of one process, and no other could go on with it.
  const deadLetter = schedule.deaths.length === 0 && resumes === 0 ? collect() : undefined;
  const given = (client: SalesforceOrg, at: Clock, kept: Journal) => ({
    ...loadOptions(client, schedule),
    clock: at,
    cleanupMs: CLEANUP_MS,
    batchRows: 15,
    // What is in doubt is held against what is in the org.
    maxInDoubt: Infinity,
    maxRejects: takesRejects ? Infinity : 0,
    ...(deadLetter === undefined ? {} : { rejected: deadLetter }),
    id: LOAD_RUN,
    journal: kept,
  });
  const deaths = [...schedule.deaths];
  let receipt: Receipt | undefined;
  let error: unknown;
  let left: readonly LeftBehind[] = [];
  for (let failures = 0; receipt === undefined && failures <= resumes;) {
    const client = target.connect();
    const death = deaths.shift();
    const mortal = death === undefined ? undefined : dyingProcess(journal, clock, death);
    try {
      const run = copy(given(client, mortal?.clock ?? clock, mortal?.journal ?? journal));
      const end = await (mortal === undefined ? run : Promise.race([mortal.died, run]));
      if (end !== 'died') receipt = end;
    } catch (caught) {
      error = caught;
      failures += 1;
    }
    await client[Symbol.asyncDispose]();
  }
  const isBegun = ((await journal.peek(LOAD_RUN)) ?? []).length > 0;
  if (receipt === undefined && isBegun) left = await abandon(given(target.connect(), clock, journal));
  const rejected = deadLetter?.batches.flatMap((batch) => rowsOf(batch).map((row) => Number(row['_row'])));
  const ending = { receipt, error, left, hasTwins, ...(rejected === undefined ? {} : { rejected: new Set(rejected) }) };
  const problems = [...(await endingProblems(target, journal, ending)), ...survivalProblems(schedule, receipt, added)];
  return { problems, isWhole: receipt?.writtenRows === LOAD_ROWS, hits: added.map(({ hits }) => hits) };
}

/** A row that shares its key may be overtaken by a later one while it waits to be sent again, and is rejected then. */
function survivalProblems(
  { faults, hasTwins }: LoadSchedule,
  receipt: Receipt | undefined,
  added: readonly AddedFault[],
): readonly string[] {
  if (!areSurvivable(faults) || receipt?.writtenRows === LOAD_ROWS) return [];
  if (hasTwins && faults.length > 0) return [];
  return [`it could be survived, and ${added.filter(({ hits }) => hits > 0).length} faults were not`];
}
