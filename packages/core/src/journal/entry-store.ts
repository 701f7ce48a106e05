import { existsSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';

import type { JournalEntry } from '../contract/journal.ts';
import { entryText, parseEntry } from './entry-text.ts';
import { fromLaterVersion, journalFault, unreadable } from './journal-fault.ts';
import { createFile } from './private-file.ts';
import type { SummaryEntries } from './run-summary.ts';

const VERSION = 1;
/** Marks the file as a journal: `slce` in ASCII. */
const APPLICATION_ID = 0x736c_6365;
/** How long a reader waits for a writer that sets the file up or checkpoints it. */
const BUSY_MS = 5000;

// The checksum also tells entries apart that were changed by hand or by a failing disk, which SQLite does not notice.
const TABLES = `
  CREATE TABLE run (id TEXT NOT NULL) STRICT;
  CREATE TABLE entry (
    seq INTEGER PRIMARY KEY,
    at_ms REAL NOT NULL,
    kind TEXT NOT NULL,
    json TEXT NOT NULL,
    crc INTEGER NOT NULL
  ) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${VERSION};
`;

/** The entries of one run in one SQLite file. Every call is synchronous; an entry is durable when `append` returns. */
export interface EntryStore extends Disposable {
  readonly runId: string;
  entries(): readonly JournalEntry[];
  /** Undefined while there is no entry. */
  summary(): SummaryEntries | undefined;
}

export interface WritableEntryStore extends EntryStore {
  append(entry: JournalEntry): void;
}

/** Undefined where there is no file, or one that was never written to. @throws `JOURNAL_UNREADABLE`, `IO_FAILED`. */
export function readEntryStore(path: string): EntryStore | undefined {
  if (!existsSync(path)) return undefined;
  return guarded(path, () => {
    const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
    return closingOnFailure(database, () => {
      const runId = identify(path, database);
      if (runId !== undefined) return openStore(path, database, runId);
      database.close();
      return undefined;
    });
  });
}

/** @throws `JOURNAL_UNREADABLE` also when the file is another run's; `IO_FAILED`, `STORAGE_FULL`. */
export function writeEntryStore(path: string, runId: string): WritableEntryStore {
  return guarded(path, () => {
    createFile(path);
    const database = new DatabaseSync(path, { timeout: BUSY_MS });
    return closingOnFailure(database, () => {
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
      const found = identify(path, database);
      if (found === undefined) create(database, runId);
      else if (found !== runId) throw unreadable(path, `is that of run ${JSON.stringify(found)}`);
      const count = Number(cell(database, 'SELECT count(*) FROM entry'));
      const insert = database.prepare('INSERT INTO entry VALUES (?, ?, ?, ?, ?)');
      return { ...openStore(path, database, runId), append: appender(path, insert, count) };
    });
  });
}

function appender(path: string, insert: StatementSync, count: number): (entry: JournalEntry) => void {
  let seq = count;
  return (entry) => {
    const text = entryText(entry);
    guarded(path, () => insert.run(seq + 1, entry.atMs, entry.kind, text, checksum(seq + 1, text)));
    seq++;
  };
}

function create(database: DatabaseSync, runId: string): void {
  database.exec(`BEGIN IMMEDIATE;${TABLES}`);
  // JSON, since a NUL within an id would end a text of SQLite.
  database.prepare('INSERT INTO run VALUES (?)').run(JSON.stringify(runId));
  database.exec('COMMIT');
}

/** The id of the run; undefined for an empty database. */
function identify(path: string, database: DatabaseSync): string | undefined {
  const application = cell(database, 'PRAGMA application_id');
  const version = Number(cell(database, 'PRAGMA user_version'));
  const count = cell(database, 'SELECT count(*) FROM sqlite_schema');
  if (application === 0 && version === 0 && count === 0) return undefined;
  if (application !== APPLICATION_ID) throw unreadable(path, 'is a database of something else');
  if (version > VERSION) throw fromLaterVersion(path, version, VERSION);
  if (version !== VERSION || count !== 2) throw unreadable(path, 'is damaged');
  const id = parseId(cell(database, 'SELECT id FROM run'));
  if (id === undefined) throw unreadable(path, 'is damaged');
  return id;
}

function parseId(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const id: unknown = JSON.parse(text);
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

interface EntryRow {
  readonly seq: number;
  readonly kind: string;
  readonly json: string;
  readonly crc: number;
}

function openStore(path: string, database: DatabaseSync, runId: string): EntryStore {
  const read = (rest: string): EntryRow[] =>
    // The columns of a strict table.
    guarded(path, () =>
      database.prepare(`SELECT seq, kind, json, crc FROM entry ${rest}`).all(),
    ) as unknown as EntryRow[];
  const parse = (stored: EntryRow): JournalEntry => {
    const entry = checksum(stored.seq, stored.json) === stored.crc ? parseEntry(stored.json) : undefined;
    if (entry?.kind !== stored.kind) throw unreadable(path, `is damaged at entry ${stored.seq}`);
    return entry;
  };
  return {
    runId,
    entries() {
      const rows = read('ORDER BY seq');
      const missing = rows.findIndex(({ seq }, i) => seq !== i + 1);
      if (missing >= 0) throw unreadable(path, `lacks entry ${missing + 1}`);
      return rows.map(parse);
    },
    summary() {
      const [first] = read('ORDER BY seq LIMIT 1').map(parse);
      if (first === undefined) return undefined;
      const [planned] = read(`WHERE kind = 'planned' ORDER BY seq LIMIT 1`).map(parse);
      const [ended] = read(`WHERE kind = 'ended' ORDER BY seq DESC LIMIT 1`).map(parse);
      return { first, planned, ended };
    },
    [Symbol.dispose]: () => database.close(),
  };
}

function checksum(seq: number, text: string): number {
  return crc32(`${seq}:${text}`);
}

/** The only cell of a query's only row. */
function cell(database: DatabaseSync, sql: string): unknown {
  return Object.values(database.prepare(sql).get() ?? {})[0];
}

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw journalFault(path, error);
  }
}

function closingOnFailure<T>(database: DatabaseSync, work: () => T): T {
  try {
    return work();
  } catch (error) {
    database.close();
    throw error;
  }
}
