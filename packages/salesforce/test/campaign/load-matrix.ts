import { FAULT_CATALOGUE, INGEST_KINDS, type IngestKind, type ScheduledFault } from '@sluice/salesforce-emulator';

import { type LoadSetting, playLoad } from './play-load.ts';

export interface LoadCell {
  readonly fault: ScheduledFault;
  readonly setting: LoadSetting;
  /** Without it, no such request is made. */
  readonly beside?: ScheduledFault;
}

/** The first requests of a kind, on each of which the fault falls; a load makes as many at least. */
const REQUESTS: Readonly<Record<IngestKind, number>> = {
  login: 1,
  versions: 1,
  resources: 1,
  restQuery: 1,
  describe: 1,
  limits: 1,
  ingestCreate: 3,
  upload: 3,
  close: 3,
  ingestPoll: 3,
  successful: 3,
  failed: 1,
  unprocessed: 1,
  ingestAbort: 1,
  ingestDelete: 3,
};

/** What makes a load ask for these at all. */
const BESIDE: Partial<Readonly<Record<IngestKind, ScheduledFault>>> = {
  failed: { fault: 'rows locked', on: 'ingestCreate', nth: 2 },
  // The seed is of a place among the first rows.
  unprocessed: { fault: 'load failed half way', on: 'ingestCreate', nth: 2, seed: 7 },
  ingestAbort: { fault: 'upload dropped at once', on: 'upload', nth: 2 },
};

const SETTINGS: readonly LoadSetting[] = [
  { hasParents: false, hasTwins: false, deleteJobs: true, takesRejects: false },
  { hasParents: true, hasTwins: true, deleteJobs: false, takesRejects: true },
];

/** Each fault at each request of a load, in every setting. */
export function loadCells(): readonly LoadCell[] {
  return FAULT_CATALOGUE.flatMap(({ id, on }) =>
    INGEST_KINDS.filter((kind) => on.includes(kind)).flatMap((kind) =>
      Array.from({ length: REQUESTS[kind] }, (_, at) => at + 1).flatMap((nth) =>
        SETTINGS.filter(({ deleteJobs }) => kind !== 'ingestDelete' || deleteJobs).map((setting) => {
          const beside = BESIDE[kind];
          const fault = { fault: id, on: kind, nth, seed: nth };
          return { fault, setting, ...(beside === undefined ? {} : { beside }) };
        }),
      ),
    ),
  );
}

/** What is wrong, by cell; a few cells at a time. */
export async function playLoadCells(cells: readonly LoadCell[]): Promise<readonly string[]> {
  const left = cells.values();
  const found: string[] = [];
  const play = async (): Promise<void> => {
    for (const { fault, setting, beside } of left) {
      const faults = beside === undefined ? [fault] : [fault, beside];
      const { problems, hits } = await playLoad({ ...setting, faults, deaths: [], resumes: 0 });
      const missed = hits[0] === 0 ? ['the fault fell on no request'] : [];
      const where = `${fault.fault}, ${fault.on} ${fault.nth}, parents ${setting.hasParents}`;
      found.push(...[...missed, ...problems].map((problem) => `${where}: ${problem}`));
    }
  };
  await Promise.all([play(), play(), play(), play()]);
  return found;
}
