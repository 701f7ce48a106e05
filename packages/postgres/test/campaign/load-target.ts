import type { AdminSession } from '../admin-session.ts';
import { type Item, LOAD_ROWS, type LoadKind, newItem, REFUSED_EVERY, ROWS_BEFORE } from './load-order.ts';

/** The table a load of the kind finds. */
export async function makeTarget(admin: AdminSession, kind: LoadKind): Promise<void> {
  await admin.rows('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  if (kind === 'made') return;
  const check = kind === 'rejecting' ? `, CHECK (id < 0 OR id % ${REFUSED_EVERY} <> 0)` : '';
  await admin.rows(`CREATE TABLE items (id integer PRIMARY KEY, text text${check})`);
  if (kind === 'create') return;
  for (const { id, text } of itemsBefore(kind)) await admin.rows('INSERT INTO items VALUES ($1, $2)', [id, text]);
}

function itemsBefore(kind: LoadKind): readonly Item[] {
  if (kind === 'made' || kind === 'create') return [];
  // Those of an append are others than come.
  const first = kind === 'upsert' ? -ROWS_BEFORE / 2 : -ROWS_BEFORE;
  return Array.from({ length: ROWS_BEFORE }, (_, i) => ({ id: first + i, text: `old ${first + i}` }));
}

/** How many of the rows the table refuses. */
export function refusedRows(kind: LoadKind): number {
  return kind === 'rejecting' ? LOAD_ROWS / REFUSED_EVERY : 0;
}

export type Content = 'nothing of the run' | 'the whole run';

/** What the table has of the run. @throws when it is something else than the two. */
export async function contentOf(admin: AdminSession, kind: LoadKind): Promise<Content> {
  const found = await itemsOf(admin);
  const before = itemsBefore(kind);
  if (sameItems(found, kind === 'made' ? undefined : before)) return 'nothing of the run';
  const came = Array.from({ length: LOAD_ROWS }, (_, id) => newItem(id)).filter(
    ({ id }) => kind !== 'rejecting' || id % REFUSED_EVERY !== 0,
  );
  const stayed = kind === 'overwrite' ? [] : before.filter(({ id }) => id < 0);
  if (sameItems(found, [...stayed, ...came])) return 'the whole run';
  throw new Error(`the table has ${found?.length ?? 'no'} rows, which is neither the whole run nor nothing of it`);
}

async function itemsOf(admin: AdminSession): Promise<readonly Item[] | undefined> {
  const [table] = await admin.rows(`SELECT 1 FROM pg_tables WHERE tablename = 'items'`);
  return table === undefined ? undefined : await admin.rows<Item>('SELECT id, text FROM items ORDER BY id');
}

function sameItems(found: readonly Item[] | undefined, expected: readonly Item[] | undefined): boolean {
  return JSON.stringify(found) === JSON.stringify(expected);
}
