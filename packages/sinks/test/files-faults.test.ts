import { copy, type ErrorCode, fromBatches, type LeftBehind, SluiceError } from '@sluice/core';
import { localStore } from '@sluice/stores';
import { armFileFault, type FileFault } from '@sluice/testkit';
import { describe, expect, it, vi } from 'vitest';

import { files } from '../src/files/files-sink.ts';
import { failureOf, lines, rowsOf, schema, tempFolder, type TempFolder } from './files-run.ts';

vi.mock('node:fs/promises', async (importOriginal) => {
  const { faultyFiles } = await import('@sluice/testkit');
  return faultyFiles(await importOriginal<object>());
});

/** What a file system says to a run, and what that has to become. */
interface Refusal {
  readonly code: string;
  readonly calls: readonly string[];
  readonly becomes: readonly ErrorCode[];
}

const GROWING = ['mkdir', 'open', 'write', 'sync', 'link', 'rename'];
const CHANGING = ['mkdir', 'open', 'link', 'rename', 'rm'];

const REFUSALS: readonly Refusal[] = [
  { code: 'ENOSPC', calls: GROWING, becomes: ['STORAGE_FULL'] },
  { code: 'EACCES', calls: CHANGING, becomes: ['TARGET_UNWRITABLE', 'PERMISSION_DENIED'] },
  { code: 'EROFS', calls: CHANGING, becomes: ['TARGET_UNWRITABLE'] },
  { code: 'EMFILE', calls: ['open'], becomes: ['IO_FAILED'] },
  { code: 'EIO', calls: [...GROWING, 'rm', 'lstat'], becomes: ['IO_FAILED'] },
];

/** Three parts, one after the other. */
async function copyInto(
  folder: TempFolder,
  path: string,
  left: (all: readonly LeftBehind[]) => void,
): Promise<unknown> {
  const run = copy({
    from: fromBatches(schema, [rowsOf(0, 7), rowsOf(7, 14)]),
    to: files({ store: localStore(folder.path), path, format: lines(), partRows: 5 }),
    parallelism: 1,
  });
  try {
    return await run;
  } finally {
    left(run.leftBehind);
  }
}

async function undisturbed(path: string) {
  await using folder = await tempFolder();
  using armed = armFileFault();
  await copyInto(folder, path, () => {});
  return { calls: [...armed.calls], published: await folder.published() };
}

/** What is wrong with the end of a run that meets the fault. */
async function problemsOf(
  path: string,
  fault: FileFault,
  becomes: readonly ErrorCode[],
  whole: Readonly<Record<string, Buffer>>,
): Promise<readonly string[]> {
  await using folder = await tempFolder();
  let left: readonly LeftBehind[] = [];
  const armed = armFileFault(fault);
  const outcome = await failureOf(copyInto(folder, path, (all) => (left = all))).finally(() => armed[Symbol.dispose]());
  const problems: string[] = [];
  const published = await folder.published();
  for (const [name, bytes] of Object.entries(published)) {
    if (!(whole[name]?.equals(bytes) ?? false)) problems.push(`${name} is visible with ${bytes.length} bytes`);
  }
  const isWhole = Object.keys(published).length === Object.keys(whole).length;
  if (SluiceError.is(outcome)) {
    if (!becomes.includes(outcome.code)) problems.push(`it ends in ${outcome.code}: ${outcome.message}`);
    if (outcome.hint === undefined) problems.push(`no hint with ${outcome.message}`);
    const named = left.every(({ reason }) => outcome.hint?.includes(reason) === true);
    if (!named) problems.push('what is left is not named by the error');
  } else if (outcome instanceof Error) problems.push(`it ends in ${outcome.message}`);
  else if (!isWhole) problems.push('it succeeds without all files');
  const staged = (await folder.names()).filter((name) => name.includes('.sluice-'));
  if (staged.length > 0 && left.length === 0) problems.push(`${staged.join(', ')} stays, and is not named`);
  return problems;
}

describe.each(['out/', 'out/rows.txt'])('a run into %s', (path) => {
  it.each(REFUSALS)('ends in whole files or in one clear error when $code is met anywhere', async (refusal) => {
    const { calls, published } = await undisturbed(path);
    const problems: string[] = [];
    let met = 0;
    for (const [at, name] of calls.entries()) {
      if (!refusal.calls.includes(name)) continue;
      for (const lasts of [false, true]) {
        met++;
        const { code } = refusal;
        const fails: FileFault['fails'] = (call, nth) =>
          nth === at + 1 || (lasts && nth > at && refusal.calls.includes(call));
        const found = await problemsOf(path, { code, fails }, refusal.becomes, published);
        const where = `${code} of ${name}, call ${at + 1} of ${calls.length}${lasts ? ', from then on' : ''}`;
        problems.push(...found.map((problem) => `${where}: ${problem}`));
      }
    }

    expect(problems).toEqual([]);
    expect(met).toBeGreaterThan(5);
  });
});
