import { abandon } from '@sluice/core';
import * as fc from 'fast-check';

import { stagingTables } from '../small-loads.ts';
import { type Fault, type Lane, someFault } from './lane.ts';
import { LOAD_KINDS, LOAD_ROWS, type LoadKind, loadOptions, type LoadOrder } from './load-order.ts';
import { contentOf, makeTarget, refusedRows } from './load-target.ts';

/** A load that is struck again and again, until it is left alone, or given up. */
export interface LoadSchedule {
  readonly kind: LoadKind;
  readonly faults: readonly Fault[];
  readonly end: 'resume' | 'abandon';
}

export const loadSchedule: fc.Arbitrary<LoadSchedule> = fc.record({
  kind: fc.constantFrom(...LOAD_KINDS),
  faults: fc.array(someFault, { minLength: 1, maxLength: 3 }),
  end: fc.constantFrom('resume', 'resume', 'abandon'),
});

export interface Played {
  readonly problems: readonly string[];
  /** Faults that came before the copy was over. */
  readonly befell: number;
}

/** What a fault may end a load with. */
const LOST: ReadonlySet<string> = new Set(['CONNECTION_LOST', 'REMOTE_UNAVAILABLE']);
/** That an undisturbed load takes, about: a fault behind the last one finds nobody. */
const CHUNKS: Readonly<Record<LoadKind, number>> = {
  made: 200,
  create: 190,
  append: 190,
  rejecting: 400,
  overwrite: 200,
  upsert: 200,
};

/** Plays the schedule, looking at the table after each fault and in the end. */
export async function playLoad(lane: Lane, { kind, faults, end }: LoadSchedule): Promise<Played> {
  await using folder = await lane.folder();
  const order: LoadOrder = { kind, port: lane.port, journalPath: folder.path };
  await makeTarget(await lane.admin(), kind);
  const problems: string[] = [];
  let befell = 0;
  for (const fault of faults) {
    const struck = await lane.run({ what: 'load', order }, { fault, chunks: CHUNKS[kind] });
    if (struck.befell) befell++;
    // Whole or nothing: anything else throws.
    await contentOf(await lane.admin(), kind);
    if (struck.end?.kind === 'failed' && !LOST.has(struck.end.code)) problems.push(JSON.stringify(struck.end));
    if (struck.end?.kind === 'receipt')
      return { problems: [...problems, ...(await endingProblems(lane, order))], befell };
  }
  problems.push(...(end === 'resume' ? await endingProblems(lane, order) : await abandonProblems(lane, order)));
  return { problems, befell };
}

/** Resumed and left alone, or asked again, the run is there whole. */
async function endingProblems(lane: Lane, order: LoadOrder): Promise<readonly string[]> {
  const { end } = await lane.run({ what: 'load', order });
  if (end?.kind !== 'receipt') return [`resumed, it ends with ${JSON.stringify(end)}`];
  const { readRows, writtenRows, rejectedRows } = end.receipt;
  const refused = refusedRows(order.kind);
  const isCounted = readRows === LOAD_ROWS && rejectedRows === refused && writtenRows === LOAD_ROWS - refused;
  const admin = await lane.admin();
  const content = await contentOf(admin, order.kind);
  const left = await stagingTables(admin);
  const runs = await admin.rows('SELECT run FROM sluice_runs');
  return [
    ...(isCounted ? [] : [`of ${readRows} rows it tells ${writtenRows} written and ${rejectedRows} rejected`]),
    ...(content === 'the whole run' ? [] : [`in the end the table has ${content}`]),
    ...(left.length === 0 ? [] : [`it leaves ${left.join(', ')}`]),
    ...(runs.length === 1 ? [] : [`${runs.length} runs are in the books`]),
  ];
}

/** Given up, nothing of it is left, or what is left is named. */
async function abandonProblems(lane: Lane, order: LoadOrder): Promise<readonly string[]> {
  const named = JSON.stringify(await abandon(loadOptions(order)).catch(unlessNeverBegun));
  const admin = await lane.admin();
  await admin.rows(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'sluice' AND pid <> pg_backend_pid()`,
  );
  await contentOf(admin, order.kind);
  const left = await stagingTables(admin);
  return left
    .filter((table) => !named.includes(table.replace(/^sluice_|_parts$/g, '')))
    .map((table) => `${table} is left`);
}

/** Before its first entry nobody knows of a run. */
function unlessNeverBegun(error: unknown): readonly never[] {
  if (error instanceof Error && 'code' in error && error.code === 'RUN_NOT_FOUND') return [];
  throw error;
}
