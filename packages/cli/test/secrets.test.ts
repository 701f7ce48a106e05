import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { answerWith, refuseLogin } from '@sluice/salesforce-emulator';
import { expect, it } from 'vitest';

import { copyWorkspace } from './copy-workspace.ts';
import { PROCESS_TIMEOUT_MS } from './sluice-process.ts';

it('shows and keeps neither the secret nor a token, whatever happens', { timeout: PROCESS_TIMEOUT_MS }, async () => {
  await using workspace = await copyWorkspace();
  const { emulator, start, configure } = workspace;
  const printed: string[] = [];
  const say = async (...args: readonly string[]): Promise<void> => {
    const { stdout, stderr } = await start(...args, '--verbose').ended;
    printed.push(stdout, stderr);
  };

  await say('copy', 'copy.yaml', '--output', 'json');
  await configure({ path: 'refused/' });
  using refused = emulator.faults.add({ match: { path: '/oauth2/token', nth: 1 }, action: refuseLogin('wrongSecret') });
  await say('copy', 'copy.yaml');
  using failed = emulator.faults.add({
    match: { method: 'POST', path: '/jobs/query' },
    action: answerWith(400, { errorCode: 'LIMIT_EXCEEDED' }),
  });
  await say('copy', 'copy.yaml', '--id', 'kept');
  await configure({ request: `clientSecrets: ${emulator.clientSecret}` });
  await say('copy', 'copy.yaml');

  expect([refused.hits, failed.hits]).toEqual([1, 1]);
  expect(printed.join('\n')).toMatch(/AUTH_REJECTED[^]*QUOTA_EXCEEDED[^]*clientSecrets is not known/);
  const kept = await contentsOf(workspace.state);
  expect(kept.length).toBeGreaterThan(3);
  expect(emulator.sessions.count).toBeGreaterThan(0);
  const tokenStart = `${emulator.org.orgId.slice(0, 15)}!`;
  for (const secret of [emulator.clientSecret, tokenStart]) {
    for (const text of [...printed, ...kept]) expect(text.includes(secret)).toBe(false);
  }
});

/** Every file of a folder, as text that keeps each byte. */
async function contentsOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')));
}
