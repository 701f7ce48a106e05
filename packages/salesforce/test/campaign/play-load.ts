import {
  abandon,
  copy,
  fromBatches,
  type JournalEntry,
  type LeftBehind,
  SluiceError,
  sqliteJournal,
} from '@sluice/core';
import type { Clock, CopyOptions, Journal, Receipt } from '@sluice/core';
import type { AddedFault } from '@sluice/salesforce-emulator';

import type { SalesforceOrg } from '../../src/index.ts';
import { ingestOrg, type IngestOrg, itemBatch, items, itemSchema, numbersIn, unfinishedJobs } from '../ingest-org.ts';
import { dyingProcess, type Death } from './dying-process.ts';
import { fastClock } from './fast-clock.ts';
import { LOAD_FAULTS, LOAD_STEPS, type LoadFault, type LoadStep } from './load-faults.ts';
import { targetFolder } from './target-folder.ts';

/** One fault in its place; JSON. */
export interface PlacedFault {
  readonly fault: string;
  readonly on: LoadStep;
  /** The first request of the step it falls on, from 1. */
  readonly nth: number;
  readonly n: number;
}

/** What goes wrong with a load, and where; JSON. */
export interface LoadSchedule {
  readonly faults: readonly PlacedFault[];
  /** One process after the other dies there; the last one lives. */
  readonly deaths: readonly Death[];
  /** A run that fails is resumed so often, then abandoned. */
  readonly resumes: number;
  /** Rows without a parent go into jobs of their own. */
  readonly hasParents: boolean;
  readonly deleteJobs: boolean;
}

export interface PlayedLoad {
  readonly problems: readonly string[];
  /** It ended with every row in the org. */
  readonly isWhole: boolean;
}

export const LOAD_ROWS = 120;
const JOB_ROWS = 40;
export const LOAD_RUN = 'load';
const CLOCK_SPEED = 1000;
const CLEANUP_MS = 20_000_000;
const JOB_TIMEOUT_MS = 400_000;
/** Real. Where nothing stalls, no wait is to end by itself, however busy the machine. */
const STALL_MS = 1000;
const NO_STALL_MS = 60_000;
/** Defects of the framework, whatever the org does. */
const DEFECTS = new Set(['INTERNAL', 'CONTRACT_BROKEN', 'RECEIPT_UNBALANCED']);

const byId = new Map(LOAD_FAULTS.map((one) => [one.id, one]));
const COLOURS = ['red', null, 'blue'] as const;

function loadFault({ fault }: PlacedFault): LoadFault {
  return byId.get(fault)!;
}

export function loadOptions(org: SalesforceOrg, schedule: LoadSchedule): Pick<CopyOptions, 'from' | 'to'> {
  const { faults, hasParents, deleteJobs } = schedule;
  const rows = items(LOAD_ROWS, (n) => (hasParents ? { box: COLOURS[n % 3]! } : {}));
  return {
    from: fromBatches(itemSchema(rows), () => [itemBatch(rows)]),
    to: org.ingest({
      object: 'Item__c',
      writeBatchSize: JOB_ROWS,
      maxConcurrentConnections: 2,
      deleteJobs,
      ...(faults.some((one) => loadFault(one).hangs) ? { jobTimeoutMs: JOB_TIMEOUT_MS } : {}),
    }),
  };
}

/** Processes one after the other, each with nothing but the journal, until one ends the run. */
export async function playLoad(schedule: LoadSchedule): Promise<PlayedLoad> {
  const timeoutMs = schedule.faults.some((one) => loadFault(one).stalls) ? STALL_MS : NO_STALL_MS;
  await using target = await ingestOrg({ org: { responseTimeoutMs: timeoutMs, stallTimeoutMs: timeoutMs } });
  await using folder = await targetFolder();
  const journal = sqliteJournal(folder.journalPath);
  const clock = fastClock(CLOCK_SPEED);
  const added = schedule.faults.map((one) => addFault(target, one));
  const given = (client: SalesforceOrg, at: Clock, kept: Journal) => ({
    ...loadOptions(client, schedule),
    clock: at,
    cleanupMs: CLEANUP_MS,
    batchRows: 15,
    // What is in doubt is held against what is in the org.
    maxInDoubt: Infinity,
    id: LOAD_RUN,
    journal: kept,
  });
  const deaths = [...schedule.deaths];
  let receipt: Receipt | undefined;
  let error: unknown;
  let left: readonly LeftBehind[] = [];
  for (let failures = 0; receipt === undefined && failures <= schedule.resumes;) {
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
  const problems = [
    ...(await endingProblems(target, journal, { receipt, error, left })),
    ...survivalProblems(schedule, receipt, added),
  ];
  return { problems, isWhole: receipt?.writtenRows === LOAD_ROWS };
}

/** How a load ended: in a receipt, or in an error. */
export interface LoadEnding {
  readonly receipt: Receipt | undefined;
  readonly error?: unknown;
  readonly left: readonly LeftBehind[];
}

/** What is wrong with an ending, whatever the org did. */
export async function endingProblems(
  target: IngestOrg,
  journal: Journal,
  { receipt, error, left }: LoadEnding,
): Promise<readonly string[]> {
  const entries = (await journal.peek(LOAD_RUN)) ?? [];
  return [
    ...rowProblems(target, entries, left),
    ...(receipt === undefined ? errorProblems(error) : receiptProblems(receipt)),
    ...jobProblems(target, entries, receipt?.leftBehind ?? left),
  ];
}

export function addFault(target: IngestOrg, placed: PlacedFault): AddedFault {
  const { on, nth, n } = placed;
  return target.emulator.faults.add({ match: { ...LOAD_STEPS[on], nth }, action: loadFault(placed).action(n) });
}

/** Every row is in the org at most once, and there are as many as the journal says, give or take those in doubt. */
function rowProblems(
  target: IngestOrg,
  entries: readonly JournalEntry[],
  left: readonly LeftBehind[],
): readonly string[] {
  const numbers = numbersIn(target);
  const twice = numbers.filter((n, i) => n === numbers[i - 1]);
  const verdicts = entries.flatMap((entry) => (entry.kind === 'partCommitted' ? [entry] : []));
  const written = verdicts.reduce((sum, { writtenRows }) => sum + writtenRows, 0);
  const doubtful = verdicts.flatMap(({ inDoubt }) => inDoubt).reduce((sum, { from, to }) => sum + to - from, 0);
  // A job that could not be ended, or whose results could not be read, is named, and may have written its rows.
  const unknown = left.filter(({ kind }) => kind === 'ingest job').length * JOB_ROWS;
  return [
    ...(twice.length === 0 ? [] : [`rows ${twice.slice(0, 5).join(', ')} are there twice`]),
    ...(numbers.length >= written && numbers.length <= written + doubtful + unknown
      ? []
      : [`${numbers.length} rows are there; ${written} are written by the journal, ${doubtful} in doubt`]),
  ];
}

function receiptProblems({ readRows, writtenRows, rejectedRows, inDoubtRows }: Receipt): readonly string[] {
  return readRows === LOAD_ROWS && writtenRows + rejectedRows + inDoubtRows === LOAD_ROWS
    ? []
    : [`the receipt says ${readRows} read, ${writtenRows} written, ${rejectedRows} rejected, ${inDoubtRows} in doubt`];
}

function errorProblems(error: unknown): readonly string[] {
  if (!SluiceError.is(error)) return [`an error without a code: ${String(error)}`];
  return DEFECTS.has(error.code) ? [`${error.code}: ${error.message}`] : [];
}

/** Jobs that are not over, and that nobody was told of. A job nobody knows the id of is told of without it. */
function jobProblems(
  target: IngestOrg,
  entries: readonly JournalEntry[],
  left: readonly LeftBehind[],
): readonly string[] {
  const named = new Set(left.map(({ id }) => id));
  const notes = entries.flatMap((entry) => (entry.kind === 'note' ? [entry.note] : []));
  const told = notes.map(({ message }) => message).join('\n');
  const unnamed = unfinishedJobs(target).filter((id) => !named.has(id) && !told.includes(id));
  const nameless =
    notes.filter(({ code }) => code === 'INGEST_JOB_UNACKNOWLEDGED').length +
    left.filter(({ kind }) => kind === 'ingest job, id unknown').length;
  return unnamed.slice(nameless).map((id) => `ingest job ${id} is left ${target.emulator.ingestJobs.get(id)?.state}`);
}

/** A request is sent so often at most. */
const ATTEMPTS = 4;

function survivalProblems(
  { faults }: LoadSchedule,
  receipt: Receipt | undefined,
  added: readonly AddedFault[],
): readonly string[] {
  const isSurvivable = faults.length < ATTEMPTS && faults.every((one) => loadFault(one).isSurvivable);
  if (!isSurvivable || receipt?.writtenRows === LOAD_ROWS) return [];
  return [`it could be survived, and ${added.filter(({ hits }) => hits > 0).length} faults were not`];
}
