import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type HistoryEntry, RunHistories } from '../../src/run/run-history.ts';
import type { PipelineRun } from '../../src/run/run-record.ts';

let folder: string;
let histories: RunHistories;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-histories-'));
  histories = new RunHistories(folder);
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(runId: string, ...entries: readonly object[]): Promise<void> {
  const lines = entries.map((entry) => `${JSON.stringify({ v: 1, ...entry })}\n`);
  await writeFile(join(folder, `${runId}.jsonl`), lines.join(''));
}

function started(runId: string): HistoryEntry {
  return { kind: 'started', runId, pipelineName: 'Load', runStart: '2026-11-25T10:00:00Z', parameters: {} };
}

/** As much of the record as is made use of. */
function ended(): HistoryEntry {
  return { kind: 'ended', run: { status: 'Succeeded', runEnd: '2026-11-25T11:00:00Z' } as PipelineRun };
}

describe('histories of pipelines', () => {
  it.each<readonly [what: string, entries: readonly object[]]>([
    ['without the start of the run', [{ kind: 'started', runId: 'old', parameters: {} }]],
    ['with an end that says nothing', [started('old'), { kind: 'ended', status: 'Succeeded' }]],
    ['with an entry of no known kind', [started('old'), { kind: 'paused' }]],
    ['with an activity that has no name', [started('old'), { kind: 'activityEnded', run: {}, variables: {} }]],
  ])('are listed beside one %s, which is named with its file', async (_what, entries) => {
    await write('good', started('good'), ended());
    await write('old', ...entries);

    const runs = await histories.list();

    expect(runs).toContainEqual({
      runId: 'good',
      pipelineName: 'Load',
      runStart: '2026-11-25T10:00:00Z',
      runEnd: '2026-11-25T11:00:00Z',
      status: 'Succeeded',
    });
    expect(runs).toContainEqual(
      expect.objectContaining({
        runId: 'old',
        status: 'Unreadable',
        reason: expect.stringContaining(join(folder, 'old.jsonl')),
      }),
    );
    await expect(histories.past('old')).rejects.toMatchObject({ code: 'JOURNAL_UNREADABLE' });
  });

  it('are removed of runs that have ended and left nothing behind, and of no others', async () => {
    await write('done', started('done'), ended());
    await write('going', started('going'));
    await write('left', started('left'), ended());
    await mkdir(join(folder, 'left.copies', 'some-copy'), { recursive: true });

    expect(await histories.remove('done')).toBe(true);
    expect(await histories.remove('going')).toBe(false);
    expect(await histories.remove('left')).toBe(false);
    await expect(histories.remove('none')).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
    expect((await readdir(folder)).toSorted()).toEqual(['going.jsonl', 'left.copies', 'left.jsonl']);
  });
});
