/** What of the checklist does not hold yet, or is not meant to. `waiting`: it will; what needs it is refused at the start. */
export interface OpenItem {
  readonly state: 'waiting' | 'refused';
  readonly reason: string;
}

const waiting = (reason: string): OpenItem => ({ state: 'waiting', reason });
const refused = (reason: string): OpenItem => ({ state: 'refused', reason });

const SQL = 'PostgreSQL is the only database so far';
const STORES = 'the only store so far is a folder of this machine or a mounted share';

/** By id. An item that is tested in part stands here with what is missing. */
export const OPEN_ITEMS: Readonly<Record<string, OpenItem>> = {
  'LS-13': refused('the connector has client credentials alone'),
  'DS-08': waiting('`sluice preview` shows the columns; they are not written into definitions'),
  'SNK-15': refused('a copy inserts or upserts; updates and deletions are for programs, which have them: `org.ingest`'),
  'LK-07': waiting('no other limits and no reading through REST'),
  'FT-04': waiting('nothing measures it yet; converted columns go the same way whether or not rows are skipped'),
  'FT-05': waiting('`redirectIncompatibleRowSettings` is read and not used: use `logSettings`'),
  'PF-03': refused('nothing is staged: rows go from the source to the sink directly; a warning says so'),
  'MON-06': waiting('nobody is billed'),
  'CF-08': refused('runs are started by hand, by cron or by CI'),
  'FM-04': waiting('gzip and deflate; bzip2, zip and tar are refused at the start'),
  'FM-08': waiting('neither Avro nor ORC'),
  'ST-03': waiting(STORES),
  'ST-04': waiting(STORES),
  'ST-05': refused('for binary copies, which there are none of'),
  'DB-02': waiting(SQL),
  'DB-03': waiting(SQL),
  'DB-05': waiting('a table is read in ranges; a query in one go, and partitions of a table, too'),
};
