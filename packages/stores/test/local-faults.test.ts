import type { ErrorCode, StageOptions } from '@sluice/core';
import { SluiceError } from '@sluice/core';
import { armFileFault, type FileFault } from '@sluice/testkit';
import { describe, expect, it, vi } from 'vitest';

import { localStore } from '../src/local/local-store.ts';
import { failureOf, tempRoot } from './temp-root.ts';
import { testContext } from './test-context.ts';

vi.mock('node:fs/promises', async (importOriginal) => {
  const { faultyFiles } = await import('@sluice/testkit');
  return faultyFiles(await importOriginal<object>());
});

/** What the operating system may say to a call, and what that has to become. */
interface Refusal {
  readonly code: string;
  readonly calls: readonly string[];
  readonly becomes: readonly ErrorCode[];
  /** What it goes on refusing. */
  readonly lastingFor: readonly string[];
}

const GROWING = ['mkdir', 'open', 'write', 'sync', 'link', 'rename'];
const CHANGING = ['mkdir', 'open', 'link', 'rename', 'rm'];

const REFUSALS: readonly Refusal[] = [
  { code: 'ENOSPC', calls: [...GROWING, 'close'], becomes: ['STORAGE_FULL'], lastingFor: GROWING },
  { code: 'EDQUOT', calls: [...GROWING, 'close'], becomes: ['STORAGE_FULL'], lastingFor: GROWING },
  {
    code: 'EACCES',
    calls: [...CHANGING, 'lstat', 'realpath'],
    becomes: ['TARGET_UNWRITABLE', 'PERMISSION_DENIED'],
    lastingFor: CHANGING,
  },
  { code: 'EROFS', calls: CHANGING, becomes: ['TARGET_UNWRITABLE'], lastingFor: CHANGING },
  { code: 'EMFILE', calls: ['open'], becomes: ['IO_FAILED'], lastingFor: ['open'] },
  { code: 'EIO', calls: [...GROWING, 'close', 'stat', 'lstat', 'rm'], becomes: ['IO_FAILED'], lastingFor: [] },
];

const TEXT = 'a,b\n'.repeat(100);
const ctx = testContext();

async function writeOut(root: string, onExisting: StageOptions['onExisting']): Promise<void> {
  const store = localStore(root);
  await using staged = await store.stage('out/data.csv', { onExisting, stagingId: 'run' }, ctx);
  await staged.write(Buffer.from(TEXT.slice(0, 160)));
  await staged.write(Buffer.from(TEXT.slice(160)));
  const token = await staged.prepare();
  await store.publish([token], ctx);
}

async function callsOf(onExisting: StageOptions['onExisting']): Promise<readonly string[]> {
  await using root = await tempRoot();
  using armed = armFileFault();
  await writeOut(root.path, onExisting);
  return armed.calls;
}

async function faultyOutcome(fault: FileFault, work: () => Promise<unknown>): Promise<unknown> {
  const armed = armFileFault(fault);
  try {
    return await failureOf(work());
  } finally {
    armed[Symbol.dispose]();
  }
}

/** What is wrong with the end of a write that meets the fault. */
async function problemsOf(
  onExisting: StageOptions['onExisting'],
  { code, becomes, lastingFor }: Refusal,
  call: number,
  lasts: boolean,
): Promise<readonly string[]> {
  await using root = await tempRoot();
  const outcome = await faultyOutcome(
    { code, fails: (name, nth) => nth === call || (lasts && nth > call && lastingFor.includes(name)) },
    () => writeOut(root.path, onExisting),
  );
  const files = await root.files();
  const problems: string[] = [];
  const isWritten = files['out/data.csv'] === TEXT;
  if (!isWritten && Object.keys(files).length > 0) problems.push('half a file is visible');
  if (SluiceError.is(outcome)) {
    if (!becomes.includes(outcome.code)) problems.push(`it becomes ${outcome.code}: ${outcome.message}`);
    if (!outcome.message.includes(root.path)) problems.push(`no path in: ${outcome.message}`);
    if (outcome.hint === undefined) problems.push('no hint');
  } else if (outcome instanceof Error) problems.push(`it is passed on: ${outcome.message}`);
  else if (!isWritten) problems.push('it succeeds without a file');
  await localStore(root.path).discardStaged('out/', 'run', ctx);
  const staged = await root.staged();
  if (staged.length > 0) problems.push(`${staged.length} staged files stay`);
  if (!isWritten) await writeOut(root.path, onExisting);
  if ((await root.files())['out/data.csv'] !== TEXT) problems.push('it cannot be written afterwards');
  return problems;
}

describe.each(['create', 'replace'] as const)('a file that is written with %s', (onExisting) => {
  it.each(REFUSALS)('is whole or not there when $code is met anywhere, and says so', async (refusal) => {
    const calls = await callsOf(onExisting);
    const problems: string[] = [];
    let met = 0;
    for (const [at, name] of calls.entries()) {
      if (!refusal.calls.includes(name)) continue;
      for (const lasts of [false, true]) {
        met++;
        const where = `${refusal.code} of ${name}, call ${at + 1} of ${calls.length}${lasts ? ', from then on' : ''}`;
        const found = await problemsOf(onExisting, refusal, at + 1, lasts);
        problems.push(...found.map((problem) => `${where}: ${problem}`));
      }
    }

    expect(problems).toEqual([]);
    expect(met).toBeGreaterThan(2);
  });
});
