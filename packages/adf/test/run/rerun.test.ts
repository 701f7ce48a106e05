import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { RunHistories } from '../../src/run/run-history.ts';
import { after, type ControlRun, lookup, refuse, runControl, setVariable, statusesOf } from './control-run.ts';

let folder: string;
let histories: RunHistories;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-history-'));
  histories = new RunHistories(join(folder, 'pipelines'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const pipeline: ControlRun = {
  parameters: { mark: { type: 'String' } },
  variables: { seen: { type: 'String' }, got: { type: 'String' } },
  activities: [
    setVariable('Set', 'seen', '@pipeline().parameters.mark'),
    lookup('First', after('Set')),
    lookup('Second', after('First')),
    setVariable('Use', 'got', "@concat(variables('seen'), activity('First').output.n)", after('Second')),
  ],
  given: { mark: 'm-' },
};

describe('running again', () => {
  it('PL-08 runs what failed and what comes behind it, and takes over what succeeded, variables too', async () => {
    const ran: string[] = [];
    const scripts = (works: boolean): NonNullable<ControlRun['scripts']> => ({
      First: () => (ran.push('First'), { n: 7 }),
      Second: () => (ran.push('Second'), works ? {} : refuse()),
    });
    const failed = await runControl({ ...pipeline, histories, scripts: scripts(false) });
    const past = await histories.past(failed.run.runId);
    const { run } = await runControl({ ...pipeline, given: past.parameters, histories, past, scripts: scripts(true) });

    expect(failed.run.status).toBe('Failed');
    expect(ran).toEqual(['First', 'Second', 'Second']);
    expect(run).toMatchObject({ status: 'Succeeded', variables: { seen: 'm-', got: 'm-7' } });
    expect(statusesOf(run)).toEqual(['Set Succeeded', 'First Succeeded', 'Second Succeeded', 'Use Succeeded']);
  });

  it('PL-08 runs an activity again whose output is hidden, since it was not kept', async () => {
    let runs = 0;
    const activities = [lookup('First', { policy: { secureOutput: true } }), lookup('Second', after('First'))];
    const scripts = { First: () => ({ token: `tok-${runs++}-hush` }), Second: () => refuse() };
    const failed = await runControl({ activities, histories, scripts });
    const past = await histories.past(failed.run.runId);
    await runControl({ activities, histories, past, scripts });

    expect(runs).toBe(2);
    const [file = ''] = await readdir(join(folder, 'pipelines'));
    expect(await readFile(join(folder, 'pipelines', file), 'utf8')).not.toContain('hush');
  });

  it('KV-06 keeps no secret, and refuses to go on from variables that held one', async () => {
    const failed = await runControl({
      parameters: { key: { type: 'SecureString' } },
      variables: { copy: { type: 'String' } },
      given: { key: 'hunter2-hunter2' },
      activities: [setVariable('Set', 'copy', '@pipeline().parameters.key'), lookup('Look', after('Set'))],
      scripts: { Look: () => refuse() },
      histories,
    });

    const [file = ''] = await readdir(join(folder, 'pipelines'));
    expect(await readFile(join(folder, 'pipelines', file), 'utf8')).not.toContain('hunter2');
    await expect(histories.past(failed.run.runId)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('MON-05 keeps a run as it goes on, up to its record, and reads a history that was cut off', async () => {
    const { run } = await runControl({ ...pipeline, histories, scripts: { First: () => ({ n: 1 }) } });
    const path = join(folder, 'pipelines', `${run.runId}.jsonl`);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');

    expect(lines.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual([
      'started',
      ...['Set', 'First', 'Second', 'Use'].map(() => 'activityEnded'),
      'ended',
    ]);
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ run: JSON.parse(JSON.stringify(run)) as object });
    await appendFile(path, '{"v":1,"kind":"act');
    expect((await histories.past(run.runId)).activities.size).toBe(4);
  });

  it('MON-05 lists the runs there are, those that have not ended and those that cannot be read, too', async () => {
    expect(await histories.list()).toEqual([]);
    const { run } = await runControl({ ...pipeline, histories, scripts: { First: () => ({ n: 1 }) } });
    const [started = ''] = (await readFile(join(folder, 'pipelines', `${run.runId}.jsonl`), 'utf8')).split('\n');
    await appendFile(join(folder, 'pipelines', 'killed.jsonl'), `${started}\n`);
    await appendFile(join(folder, 'pipelines', 'damaged.jsonl'), 'rubbish\n');

    const { pipelineName, runStart, runEnd, status } = run;
    const reason = expect.stringContaining('is damaged') as string;
    expect(await histories.list()).toEqual([
      { runId: 'damaged', pipelineName: '', runStart: '', runEnd: '', status: 'Unreadable', reason },
      ...[
        { runId: run.runId, pipelineName, runStart, runEnd, status },
        { runId: 'killed', pipelineName, runStart, runEnd: '', status: 'Unfinished' },
      ].toSorted((a, b) => a.runId.localeCompare(b.runId)),
    ]);
  });

  it('refuses ids of no run, and files that are no history', async () => {
    const { run } = await runControl({ activities: [], histories });
    await appendFile(join(folder, 'pipelines', `${run.runId}.jsonl`), 'rubbish\n');

    await expect(histories.past('none')).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
    await expect(histories.past('../none')).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
    await expect(histories.past(run.runId)).rejects.toMatchObject({ code: 'JOURNAL_UNREADABLE' });
  });
});
