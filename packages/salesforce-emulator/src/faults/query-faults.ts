import { answerWith } from './answer-faults.ts';
import { skipHeaderRow } from './body-faults.ts';
import { type CataloguedFault, fault } from './catalogued-fault.ts';
import type { FaultAction } from './fault-action.ts';
import { changeHeader, repeatLocator } from './header-faults.ts';
import { failJob, failJobByLocks, hangJob, vanishJob } from './job-faults.ts';
import { claimRecordsProcessed } from './json-faults.ts';
import { losePageLink, reorderPageLinks, repeatPage, repeatPageLink, skipPage, swapPages } from './page-faults.ts';
import type { RequestKind } from './request-kind.ts';

const PAGE: readonly RequestKind[] = ['page'];
const JOB: readonly RequestKind[] = ['create', 'poll'];
const JOB_AND_RESULT: readonly RequestKind[] = [...JOB, 'pageLinks', 'page'];

const TOO_COMPLICATED = {
  errorCode: 'QUERY_TOO_COMPLICATED',
  message: 'Query is either selecting too many fields or the filter conditions are too complicated.',
};

/** What can go wrong with a query job and the pages of its result. */
export const QUERY_FAULTS: readonly CataloguedFault[] = [
  // Jobs.
  fault('query too complicated', ['create'], false, () => answerWith(400, TOO_COMPLICATED)),
  { ...fault('job stuck', JOB, false, () => hangJob()), hangs: true },
  fault('job failed', JOB, false, () => failJob('InternalServerError : Retried more than fifteen times')),
  fault('job failed by locks', JOB, false, () => failJobByLocks()),
  fault('job vanished', JOB_AND_RESULT, false, () => vanishJob()),
  fault('job counts too many rows', ['poll'], false, () => claimRecordsProcessed((rows) => rows + 1)),
  fault('job counts too few rows', ['poll'], false, () => claimRecordsProcessed((rows) => Math.max(0, rows - 1))),
  fault('job counts nothing', ['poll'], true, () => claimRecordsProcessed(null)),
  // Pages.
  fault('page announces too many rows', PAGE, false, () => announce((rows) => String(rows + 1))),
  fault('page announces too few rows', PAGE, false, () => announce((rows) => String(rows - 1))),
  fault('page announces no number', PAGE, true, () => announce(() => 'many')),
  fault('page announces nothing', PAGE, true, () => announce(() => null)),
  fault('locator missing', PAGE, false, () => changeHeader('Sforce-Locator', null)),
  fault('locator unknown', PAGE, false, () => changeHeader('Sforce-Locator', 'MTIzNDU')),
  fault('locator repeated', PAGE, false, () => repeatLocator()),
  fault('locator of the page behind', PAGE, false, () => skipPage()),
  fault('header row missing', PAGE, false, () => skipHeaderRow()),
  fault('one page for two locators', PAGE, false, () => repeatPage()),
  { ...fault('pages out of order', PAGE, false, () => swapPages()), reorders: true },
  { ...fault('links out of order', ['pageLinks'], true, () => reorderPageLinks()), reorders: true },
  fault('link repeated', ['pageLinks'], false, () => repeatPageLink()),
  fault('link missing', ['pageLinks'], false, () => losePageLink()),
];

function announce(change: (rows: number) => string | null): FaultAction {
  return changeHeader('Sforce-NumberOfRecords', (value) => change(Number(value)));
}
