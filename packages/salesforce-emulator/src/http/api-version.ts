import { notFound } from './api-fault.ts';
import { UnverifiedFault } from './unverified-errors.ts';

export interface VersionRange {
  readonly firstVersion: number;
  readonly lastVersion: number;
}

/** Salesforce named its first version with a URL so; earlier ones never were. */
const FIRST_RETIRED = 7;

/** The number of `v66.0`. @throws {ApiFault} 410 for a retired version, 404 for what never was one. */
export function parseVersion(segment: string, { firstVersion, lastVersion }: VersionRange): number {
  const match = /^v(\d{1,3})\.0$/.exec(segment);
  const version = Number(match?.[1] ?? -1);
  if (version >= firstVersion && version <= lastVersion) return version;
  if (version >= FIRST_RETIRED && version < firstVersion) {
    throw new UnverifiedFault('retiredVersion');
  }
  throw notFound();
}

/** `Spring '26` for 66: three releases a year, of which 31 was Summer '14. */
export function versionLabel(version: number): string {
  const season = ['Spring', 'Summer', 'Winter'][version % 3] ?? '';
  const year = 14 + Math.floor((version - 30) / 3);
  return `${season} '${version % 3 === 2 ? year + 1 : year}`;
}
