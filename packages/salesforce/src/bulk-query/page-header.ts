import { SluiceError } from '@sluice/core';

/**
 * For each column of a page the planned column it is. `what` names the page.
 *
 * Names are compared without case, because nothing is known of the case an org answers in, and with and without a
 * namespace, because an org with one may put its own before its names.
 *
 * @throws `SCHEMA_CHANGED` naming the planned columns that are missing. Names of the page are not quoted: a page
 * without a header row begins with data.
 */
export function matchColumns(what: string, planned: readonly string[], cells: readonly string[]): readonly number[] {
  const exact = indexOfNames(planned.map((name) => name.toLowerCase()));
  const bare = indexOfNames(planned.map(withoutNamespace));
  const order = cells.map((cell) => exact.get(cell.toLowerCase()) ?? bare.get(withoutNamespace(cell)));
  const found = new Set(order.filter((column) => column !== undefined && column >= 0));
  if (cells.length === planned.length && found.size === planned.length) return order.map((column) => column ?? -1);
  const missing = planned.filter((_, column) => !found.has(column));
  const names = missing.length === 0 ? 'none is missing' : `missing: ${missing.slice(0, 10).join(', ')}`;
  throw new SluiceError(
    'SCHEMA_CHANGED',
    `${what}: the page does not begin with the planned header: ${cells.length} columns instead of ${planned.length}, ${names}`,
    { hint: 'Start a new run, which plans again; if it fails alike, a header row is missing in the result.' },
  );
}

/** Names that occur twice identify nothing. */
function indexOfNames(names: readonly string[]): ReadonlyMap<string, number | undefined> {
  const index = new Map<string, number | undefined>();
  for (const [column, name] of names.entries()) index.set(name, index.has(name) ? undefined : column);
  return index;
}

/** `acme__Region__r.acme__Code__c` and `Region__r.Code__c` are one. */
export function withoutNamespace(path: string): string {
  return path
    .toLowerCase()
    .split('.')
    .map((name) => name.replace(/^[a-z][a-z0-9_]*?__(?=.+__[a-z]+$)/, ''))
    .join('.');
}
