import { FAULT_CATALOGUE, QUERY_KINDS, type QueryKind, type ScheduledFault } from '@sluice/salesforce-emulator';

import type { Setting } from './campaign-org.ts';
import { playOnce } from './play-schedule.ts';

export interface MatrixCell {
  readonly fault: ScheduledFault;
  readonly setting: Setting;
}

/** Requests of a kind that an undisturbed run makes: the fault falls on each of them. */
const REQUESTS: Readonly<Record<QueryKind, number>> = {
  login: 1,
  versions: 1,
  resources: 1,
  restQuery: 3,
  describe: 1,
  limits: 2,
  create: 1,
  poll: 2,
  pageLinks: 2,
  page: 6,
  // Of a run that fails alone.
  abort: 0,
  delete: 1,
};

const SETTINGS: readonly Setting[] = [
  { paging: 'parallel', gzip: true },
  { paging: 'sequence', gzip: false },
  { paging: 'parallel', gzip: false },
  { paging: 'sequence', gzip: true },
];

/** Each fault at each request of a run, in every setting. */
export function matrixCells(): readonly MatrixCell[] {
  return FAULT_CATALOGUE.flatMap(({ id, on }) =>
    QUERY_KINDS.filter((kind) => on.includes(kind)).flatMap((kind) =>
      Array.from({ length: REQUESTS[kind] }, (_, at) => at + 1).flatMap((nth) =>
        SETTINGS.filter(({ paging }) => kind !== 'pageLinks' || paging === 'parallel').map((setting) => ({
          fault: { fault: id, on: kind, nth, seed: nth },
          setting,
        })),
      ),
    ),
  );
}

/** What is wrong, by cell; a few cells at a time. */
export async function playCells(cells: readonly MatrixCell[]): Promise<readonly string[]> {
  const left = cells.values();
  const found: string[] = [];
  const play = async (): Promise<void> => {
    for (const { fault, setting } of left) {
      const problems = await playOnce({ ...setting, faults: [fault] });
      const where = `${fault.fault}, ${fault.on} ${fault.nth}, ${setting.paging}, gzip ${setting.gzip}`;
      found.push(...problems.map((problem) => `${where}: ${problem}`));
    }
  };
  await Promise.all([play(), play(), play(), play()]);
  return found;
}
