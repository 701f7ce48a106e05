import { abandon } from '@sluice/core';
import * as fc from 'fast-check';

import type { AdminSession } from '../admin-session.ts';
import { stagingTables } from '../small-loads.ts';
import type { CopyEnd } from './copy-process.ts';
import { type Fault, type Lane, someFault } from './lane.ts';
import type { Played } from './play-load.ts';
import { READ_ROWS, readOptions, type ReadOrder } from './read-order.ts';

/** A read that is struck again and again, and left alone in the end. */
export interface ReadSchedule extends Pick<ReadOrder, 'shape' | 'snapshot'> {
  readonly faults: readonly Fault[];
  /** Whether every row is another version of itself after each fault. */
  readonly isChanged: boolean;
}

export const readSchedule: fc.Arbitrary<ReadSchedule> = fc.record({
  shape: fc.constantFrom('table', 'query'),
  snapshot: fc.constantFrom('same', 'renew'),
  faults: fc.array(someFault, { minLength: 1, maxLength: 3 }),
  isChanged: fc.boolean(),
});

const LOST: ReadonlySet<string> = new Set(['CONNECTION_LOST', 'REMOTE_UNAVAILABLE']);
/** That an undisturbed copy takes, about. */
const CHUNKS = 470;

/** Plays the schedule: the copy of the rows is whole and of one moment, or there is none, and an error says so. */
export async function playRead(lane: Lane, { faults, isChanged, ...read }: ReadSchedule): Promise<Played> {
  await using folder = await lane.folder();
  const order: ReadOrder = { ...read, port: lane.port, journalPath: folder.path };
  await makeItems(await lane.admin());
  const also = async (): Promise<void> => {
    await (await lane.admin()).rows(`UPDATE items SET version = version + 1, text = text || '!'`);
  };
  let befell = 0;
  let end: CopyEnd | undefined;
  const endings: (CopyEnd | undefined)[] = [];
  for (const fault of [...faults, undefined]) {
    const disturbance = fault === undefined ? undefined : { fault, chunks: CHUNKS, ...(isChanged ? { also } : {}) };
    const struck = await lane.run({ what: 'read', order }, disturbance);
    if (struck.befell) befell++;
    end = struck.end;
    endings.push(end);
    if (end?.kind === 'receipt' || (end?.kind === 'failed' && !LOST.has(end.code))) break;
  }
  const admin = await lane.admin();
  const problems =
    end?.kind === 'receipt'
      ? await copiedProblems(admin, read.snapshot === 'same' || !isChanged)
      : await failedProblems(lane, order, end, read.snapshot === 'renew' && !isChanged);
  return { problems: [...problems, ...((await areHeld(admin)) ? ['a transaction is held'] : [])], befell };
}

const HEARD_WITHIN_MS = 10_000;

/** Whether transactions are held, by others than clients of whose end the server has not heard yet. */
async function areHeld(admin: AdminSession): Promise<boolean> {
  const giveUpMs = Date.now() + HEARD_WITHIN_MS;
  for (;;) {
    const held = await admin.rows(
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'sluice' AND state = 'idle in transaction'`,
    );
    if (held.length === 0) return false;
    if (Date.now() > giveUpMs) return true;
  }
}

async function makeItems(admin: AdminSession): Promise<void> {
  await admin.rows(`
    DROP SCHEMA public CASCADE; CREATE SCHEMA public;
    CREATE TABLE items (id integer PRIMARY KEY, version integer, text text);
    INSERT INTO items SELECT i, 0, repeat('row ' || i, 30) FROM generate_series(1, ${READ_ROWS}) i;
    ANALYZE items`);
}

async function copiedProblems(admin: AdminSession, isOfOneMoment: boolean): Promise<readonly string[]> {
  const [found] = await admin.rows<{ rows: number; ids: number; versions: number; whole: boolean }>(
    `SELECT count(*)::int4 AS rows, count(DISTINCT id)::int4 AS ids, count(DISTINCT version)::int4 AS versions,
            bool_and(text = repeat('row ' || id, 30) || repeat('!', version)) AS whole FROM copied`,
  );
  const { rows, ids, versions, whole } = found!;
  const left = await stagingTables(admin);
  return [
    ...(rows === READ_ROWS && ids === READ_ROWS && whole ? [] : [`${rows} rows of ${ids} ids were copied`]),
    ...(versions > 1 && isOfOneMoment ? [`the rows are of ${versions} moments`] : []),
    ...(left.length === 0 ? [] : [`it leaves ${left.join(', ')}`]),
  ];
}

async function failedProblems(
  lane: Lane,
  order: ReadOrder,
  end: CopyEnd | undefined,
  isToEnd: boolean,
): Promise<readonly string[]> {
  if (end?.kind !== 'failed' || end.code !== 'SOURCE_CHANGED' || isToEnd)
    return [`it ends with ${JSON.stringify(end)}`];
  const named = JSON.stringify(await abandon(readOptions(order)));
  const admin = await lane.admin();
  const copied = await admin.rows(`SELECT 1 FROM pg_tables WHERE tablename = 'copied'`);
  const left = (await stagingTables(admin)).filter((table) => !named.includes(table.replace(/^sluice_|_parts$/g, '')));
  return [...copied.map(() => 'a table is there'), ...left.map((table) => `${table} is left`)];
}
