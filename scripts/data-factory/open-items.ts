/** What of the checklist does not hold yet, or is not meant to. `waiting`: it will; what needs it is refused at the start. */
export interface OpenItem {
  readonly state: 'waiting' | 'refused';
  readonly reason: string;
}

const waiting = (reason: string): OpenItem => ({ state: 'waiting', reason });
const refused = (reason: string): OpenItem => ({ state: 'refused', reason });

const SINK = 'rows are not written to Salesforce yet; the definition is checked';
const SQL = 'there is no connector for databases yet';
const STORES = 'the only store so far is a folder of this machine or a mounted share';

/** By id. An item that is tested in part stands here with what is missing. */
export const OPEN_ITEMS: Readonly<Record<string, OpenItem>> = {
  'LS-13': refused('the connector has client credentials alone'),
  'DS-08': waiting('`sluice preview` shows the columns; they are not written into definitions'),
  'SNK-01': waiting(SINK),
  'SNK-02': waiting(SINK),
  'SNK-03': waiting(SINK),
  'SNK-04': waiting(SINK),
  'SNK-05': waiting(SINK),
  'SNK-06': waiting(SINK),
  'SNK-07': waiting(SINK),
  'SNK-08': waiting(SINK),
  'SNK-09': waiting(SINK),
  'SNK-10': waiting(SINK),
  'SNK-11': waiting(SINK),
  'SNK-12': waiting(SINK),
  'SNK-13': waiting(SINK),
  'SNK-14': waiting(SINK),
  'SNK-15': waiting(SINK),
  'TYP-08': waiting('text files; for Salesforce, the sink is missing'),
  'LK-07': waiting('no other limits and no reading through REST'),
  'FT-04': waiting('nothing measures it yet; converted columns go the same way whether or not rows are skipped'),
  'FT-05': waiting('`redirectIncompatibleRowSettings` is read and not used: use `logSettings`'),
  'PF-03': refused('nothing is staged: rows go from the source to the sink directly; a warning says so'),
  'MON-06': waiting('nobody is billed'),
  'CF-07': waiting(SQL),
  'CF-08': refused('runs are started by hand, by cron or by CI'),
  'FM-04': waiting('gzip and deflate; bzip2, zip and tar are refused at the start'),
  'FM-07': waiting('INT96 is not written'),
  'FM-08': waiting('neither Avro nor ORC'),
  'ST-03': waiting(STORES),
  'ST-04': waiting(STORES),
  'ST-05': refused('for binary copies, which there are none of'),
  'DB-01': waiting(SQL),
  'DB-02': waiting(SQL),
  'DB-03': waiting(SQL),
  'DB-04': waiting(SQL),
  'DB-05': waiting(SQL),
  'INC-01': waiting(`${SQL}; with marks in files the chain runs: examples/data-factory`),
};
