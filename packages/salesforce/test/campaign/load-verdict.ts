import { foldAccount, type Journal, type JournalEntry, type LeftBehind, type Receipt, SluiceError } from '@sluice/core';

import { type IngestOrg, numbersIn, unfinishedJobs } from '../ingest-org.ts';

export const LOAD_ROWS = 120;
export const LOAD_RUN = 'load';
export const TWIN_KEY = 'twin';
/** Defects of the framework, whatever the org does. */
const DEFECTS = new Set(['INTERNAL', 'CONTRACT_BROKEN', 'RECEIPT_UNBALANCED']);

/** Rows that share a key, where a load has such: one in each job, since an org takes no two at once. */
export function isTwin(n: number): boolean {
  return n % 40 === 10;
}

/** How a load ended: in a receipt, or in an error. */
export interface LoadEnding {
  readonly receipt: Receipt | undefined;
  readonly error?: unknown;
  readonly left: readonly LeftBehind[];
  readonly hasTwins: boolean;
  /** Rows that the dead letter has, where there is one. */
  readonly rejected?: ReadonlySet<number>;
}

/** What is wrong with an ending, whatever the org did. */
export async function endingProblems(
  target: IngestOrg,
  journal: Journal,
  ending: LoadEnding,
): Promise<readonly string[]> {
  const entries = (await journal.peek(LOAD_RUN)) ?? [];
  const { receipt, error, left } = ending;
  return [
    ...rowProblems(target, entries, ending),
    ...(receipt === undefined ? errorProblems(error) : receiptProblems(receipt)),
    ...jobProblems(target, entries, receipt?.leftBehind ?? left),
  ];
}

/**
 * Every row is in the org at most once, and exactly those are that are not rejected, unsent or in doubt. Of rows that
 * share a key the org has one, so that only their number can be held against what was said.
 */
function rowProblems(
  target: IngestOrg,
  entries: readonly JournalEntry[],
  { hasTwins, rejected }: LoadEnding,
): readonly string[] {
  const numbers = numbersIn(target);
  const account = foldAccount(entries);
  const [doubtful, unsent] = [new Set<number>(), new Set<number>()];
  for (const { from, to } of account?.inDoubt ?? []) for (let n = from; n < to; n++) doubtful.add(n);
  for (const { from, to } of account?.unsent ?? []) for (let n = from; n < to; n++) unsent.add(n);
  for (let n = account?.readRows ?? 0; n < LOAD_ROWS; n++) unsent.add(n);
  const { writtenRows = 0, rejectedRows = 0 } = account ?? {};

  const there = new Set(numbers);
  const plain = Array.from({ length: LOAD_ROWS }, (_, n) => n).filter((n) => !hasTwins || !isTwin(n));
  const twins = LOAD_ROWS - plain.length;
  const sure = plain.filter((n) => !doubtful.has(n));
  const stray = sure.filter((n) => there.has(n) && (unsent.has(n) || rejected?.has(n) === true));
  const missing = sure.filter((n) => !there.has(n) && !unsent.has(n) && rejected?.has(n) !== true);
  const written = sure.filter((n) => there.has(n)).length;
  const refused = rejected === undefined ? rejectedRows : 0;
  return [
    ...numbers.filter((n, i) => n === numbers[i - 1]).map((n) => `row ${n} is there twice`),
    ...stray.slice(0, 3).map((n) => `row ${n} is there, and was said to be ${unsent.has(n) ? 'unsent' : 'rejected'}`),
    ...(missing.length <= refused && missing.length >= refused - twins
      ? []
      : [`${missing.length} rows are missing, such as ${missing[0]}, and ${refused} were rejected`]),
    ...(written <= writtenRows && written >= writtenRows - twins
      ? []
      : [`${written} rows are there that are not in doubt, and ${writtenRows} are said to be written`]),
    ...(hasTwins ? twinProblems(target, writtenRows === LOAD_ROWS) : []),
  ];
}

/** The last of the rows that share a key is the one that stays. */
function twinProblems(target: IngestOrg, isWhole: boolean): readonly string[] {
  const found = target.rows(`SELECT Number__c FROM Item__c WHERE Key__c = '${TWIN_KEY}'`).map(([n]) => Number(n));
  const last = Array.from({ length: LOAD_ROWS }, (_, n) => n).findLast(isTwin);
  return !isWhole || (found.length === 1 && found[0] === last)
    ? []
    : [`of the rows with one key, ${found.join(', ') || 'none'} is there instead of ${last}`];
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
