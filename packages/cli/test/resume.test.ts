import { withholdReply } from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import { copyWorkspace } from './copy-workspace.ts';
import { PROCESS_TIMEOUT_MS } from './sluice-process.ts';

describe('a process that is killed', { timeout: PROCESS_TIMEOUT_MS }, () => {
  it('ends, resumed by another one, with the files of an undisturbed run', async () => {
    // Two orgs that answer their first job alike.
    await using undisturbed = await copyWorkspace();
    await using disturbed = await copyWorkspace();
    for (const { configure } of [undisturbed, disturbed]) await configure({ more: 'parallelism: 1' });
    await undisturbed.run('copy', 'copy.yaml');
    const { emulator, run, start } = disturbed;
    const pages = { method: 'GET', path: /\/results/ };
    const withheld = emulator.faults.add({ match: { ...pages, nth: 2 }, action: withholdReply() });
    const copying = start('copy', 'copy.yaml', '--id', 'killed');
    // The second page is asked for when the first one is safe.
    await emulator.requests.waitFor((_request, log) => log.matching(pages).length === 2);

    copying.kill('SIGKILL');
    const ended = await copying.ended;
    withheld[Symbol.dispose]();
    const resumed = await run('resume', 'killed');

    expect(ended.signal).toBe('SIGKILL');
    expect(resumed).toMatchObject({ code: 0 });
    expect(resumed.stderr).toMatch(/^run killed is resumed\n/);
    expect(resumed.stdout).toContain('249 read = 249 written + 0 rejected');
    const files = await undisturbed.filesIn('out/countries');
    expect(await disturbed.filesIn('out/countries')).toEqual(files);
    expect(files.size).toBe(3);
    // The first page once, the second twice, the third once.
    expect(emulator.requests.matching(pages)).toHaveLength(4);
  });
});
