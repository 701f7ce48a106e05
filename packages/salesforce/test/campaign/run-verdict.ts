import { SluiceError, type LeftBehind, type Receipt } from '@sluice/core';
import type { Emulator } from '@sluice/salesforce-emulator';

import { ITEM_COUNT, rowProblems } from './campaign-org.ts';
import type { TargetFolder } from './target-folder.ts';

/** How a run ended. */
export type Ending = { readonly receipt: Receipt } | FailedEnding;

export interface FailedEnding {
  readonly error: unknown;
  readonly left: readonly LeftBehind[];
  /** A process died when all rows were safe, perhaps among the files of its commit, which stay: each of them whole. */
  readonly mayBeCommitted: boolean;
}

/** Defects of the framework, whatever the org does. */
const DEFECTS = new Set(['INTERNAL', 'CONTRACT_BROKEN', 'RECEIPT_UNBALANCED']);

export interface Judged {
  readonly emulator: Emulator;
  readonly target: TargetFolder;
  /** Files of undisturbed runs, by name: of one that reads pages as asked, and of one that reads them in sequence. */
  readonly undisturbed: readonly ReadonlyMap<string, string>[];
  /** The org gives the rows in the order it would give them undisturbed. */
  readonly isInOrder: boolean;
}

/**
 * What is wrong with an ending; nothing, when it is exact data, or one coded error with nothing left but what it names.
 */
export async function endingProblems(
  ending: Ending,
  { emulator, target, undisturbed, isInOrder }: Judged,
): Promise<string[]> {
  const staged = await target.staged();
  const published = await target.published();
  const left = 'receipt' in ending ? ending.receipt.leftBehind : ending.left;
  const problems = [...staged.map((name) => `staged file ${name} is left`), ...unnamedJobs(emulator, left)];
  // Another job has the rows of an unordered query in another order, so that its files are others.
  const created = emulator.requests.all.filter(({ method, path }) => method === 'POST' && path.endsWith('/query'));
  const isAlike = isInOrder && created.filter(({ jobId }) => jobId !== undefined).length === 1;
  if ('receipt' in ending) {
    const { readRows, writtenRows, rejectedRows } = ending.receipt;
    if (readRows !== ITEM_COUNT || writtenRows !== ITEM_COUNT || rejectedRows !== 0) {
      problems.push(`the receipt says ${readRows} read, ${writtenRows} written, ${rejectedRows} rejected`);
    }
    problems.push(...rowProblems(await target.rows()));
    if (isAlike) problems.push(...fileDifferences(published, undisturbed));
    return problems;
  }
  const isWhole = (name: string): boolean =>
    !isAlike || undisturbed.some((files) => files.get(name) === published.get(name));
  const wrong = [...published.keys()].filter((name) => !ending.mayBeCommitted || !isWhole(name));
  problems.push(...wrong.map((name) => `file ${name} is visible`));
  if (!SluiceError.is(ending.error)) problems.push(`an error without a code: ${String(ending.error)}`);
  else if (DEFECTS.has(ending.error.code)) problems.push(`${ending.error.code}: ${ending.error.message}`);
  return problems;
}

/** Jobs that the org still has and nobody was told of. A job nobody knows the id of is told of without it. */
function unnamedJobs({ jobs }: Emulator, left: readonly LeftBehind[]): readonly string[] {
  const named = new Set(left.map(({ id }) => id));
  const unknown = left.filter(({ kind }) => kind === 'query job, id unknown').length;
  const unnamed = jobs.all.filter(({ id }) => !named.has(id));
  return unnamed.slice(unknown).map(({ id, state }) => `query job ${id} (${state}) is left`);
}

/** From the run that is most alike. */
function fileDifferences(
  files: ReadonlyMap<string, string>,
  undisturbed: readonly ReadonlyMap<string, string>[],
): readonly string[] {
  const differences = undisturbed.map((expected) =>
    [...new Set([...files.keys(), ...expected.keys()])].filter((name) => files.get(name) !== expected.get(name)),
  );
  const [least = []] = differences.sort((a, b) => a.length - b.length);
  return least.map((name) => `file ${name} differs from that of an undisturbed run`);
}
