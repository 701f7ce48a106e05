import type { JournalEntry } from '../contract/journal.ts';
import { checkJson } from '../json/json-check.ts';

/** @throws `CONTRACT_BROKEN` naming the place of whatever is not JSON: plugins gave most of an entry. */
export function entryText(entry: JournalEntry): string {
  checkJson(entry, `a journal entry of kind ${entry.kind}`);
  return JSON.stringify(entry);
}

/** Undefined for a text that no entry was written as. */
export function parseEntry(text: string): JournalEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const isEntry = typeof value === 'object' && value !== null && 'kind' in value && 'atMs' in value;
  // What the journal was given was an entry; what else there is in it the version of the journal says.
  return isEntry ? (value as JournalEntry) : undefined;
}
