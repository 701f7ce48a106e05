import {
  doubtLimit,
  noRowLost,
  receiptIsTheFold,
  rejectedByTheirRow,
  rejectLimit,
  rejectsAsked,
} from './checks/account-checks.ts';
import { callsCounted, connectionsBounded, separateShares } from './checks/budget-checks.ts';
import { declaredPositions, namesMeanNothing } from './checks/capability-checks.ts';
import {
  committedOnce,
  commitRepeated,
  failureCommitsNothing,
  journalFirst,
  memoFirst,
} from './checks/commit-checks.ts';
import { demandDriven, readerDemand, splitsAtOnce, writersAtOnce } from './checks/demand-checks.ts';
import {
  abandonEnds,
  abandonsWhatItStarted,
  endsInTime,
  endsWithTheReason,
  keepsWhatCanBeResumed,
  letsGo,
  namesWhatHangs,
  namesWhatIsLeft,
  sparesTheCommitted,
} from './checks/end-checks.ts';
import { journalledIsJson, noValueTold, oneErrorClass } from './checks/error-checks.ts';
import { batchesOwned, cutByContent, fullWriter, inOrder, partBounds, timeless } from './checks/part-checks.ts';
import { readEnds } from './checks/read-checks.ts';
import { finishedOnce, heldByOne, killedAnywhere, replayCompared, sameConfiguration } from './checks/resume-checks.ts';
import { asksSafely, oneOwner, partWrittenAnew, waitsAsTold } from './checks/retry-checks.ts';
import { openedFirst, plannedSchema } from './checks/schema-checks.ts';
import { readOn, splitJournalled, splitsGoOn, splitsLost } from './checks/split-checks.ts';
import {
  deadLetters,
  effectIsTold,
  failureAccounts,
  refusedRowsGoAgain,
  rowsAreKept,
} from './checks/verdict-checks.ts';
import type { InvariantCheck } from './invariant-check.ts';

/** Everything that is held of the engine. Another check is another line. */
export const INVARIANT_CHECKS: readonly InvariantCheck[] = [
  plannedSchema,
  openedFirst,
  splitJournalled,
  splitsGoOn,
  readOn,
  demandDriven,
  splitsAtOnce,
  writersAtOnce,
  readerDemand,
  partBounds,
  fullWriter,
  batchesOwned,
  committedOnce,
  failureCommitsNothing,
  noRowLost,
  splitsLost,
  receiptIsTheFold,
  rejectLimit,
  rejectsAsked,
  doubtLimit,
  refusedRowsGoAgain,
  rowsAreKept,
  failureAccounts,
  rejectedByTheirRow,
  deadLetters,
  killedAnywhere,
  journalFirst,
  memoFirst,
  replayCompared,
  commitRepeated,
  finishedOnce,
  sameConfiguration,
  heldByOne,
  endsWithTheReason,
  endsInTime,
  namesWhatHangs,
  abandonsWhatItStarted,
  keepsWhatCanBeResumed,
  sparesTheCommitted,
  namesWhatIsLeft,
  effectIsTold,
  letsGo,
  readEnds,
  abandonEnds,
  oneErrorClass,
  journalledIsJson,
  noValueTold,
  namesMeanNothing,
  declaredPositions,
  cutByContent,
  timeless,
  inOrder,
  oneOwner,
  asksSafely,
  waitsAsTold,
  partWrittenAnew,
  connectionsBounded,
  separateShares,
  callsCounted,
];
