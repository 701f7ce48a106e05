import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { configOfRun } from '../src/commands/resume-command.ts';
import { keptRunLines, mismatchLines, runNotFound } from '../src/commands/run-advice.ts';
import type { ConfigDocument } from '../src/config/config-file.ts';
import { newRunId } from '../src/state/new-run-id.ts';
import { stateFolder } from '../src/state/state-folder.ts';
import { StoredConfigs } from '../src/state/stored-config.ts';

const DOCUMENT: ConfigDocument = {
  name: 'copy.yaml',
  path: '/somewhere/copy.yaml',
  value: { from: { salesforce: { environmentUrl: '${env:SF_URL}', clientId: '$${env:NOT}' } } },
  placeOf: () => undefined,
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-state-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the state folder', () => {
  it('is the one given, else that of the user', () => {
    expect(stateFolder('/given', {})).toMatchObject({ path: '/given', isGiven: true });
    expect(stateFolder(undefined, { XDG_STATE_HOME: '/xdg' })).toMatchObject({ path: '/xdg/sluice', isGiven: false });
    expect(stateFolder(undefined, { XDG_STATE_HOME: 'relative' }).path).toBe(join(homedir(), '.local/state/sluice'));
  });
});

describe('a stored configuration', () => {
  it('comes back as it was written, from a file that only its owner may read', async () => {
    const configs = new StoredConfigs(join(folder, 'configs'));

    await configs.save('a/b: ../c', DOCUMENT);

    expect(await configs.load('a/b: ../c')).toMatchObject({ path: DOCUMENT.path, value: DOCUMENT.value });
    const [file] = await readdir(join(folder, 'configs'));
    expect((await stat(join(folder, 'configs', file!))).mode & 0o777).toBe(0o600);
    await configs.remove('a/b: ../c');
    expect(await configs.load('a/b: ../c')).toBeUndefined();
  });

  it('is refused when it was damaged', async () => {
    const configs = new StoredConfigs(folder);
    await configs.save('x', DOCUMENT);
    const [file] = await readdir(folder);
    await writeFile(join(folder, file!), '{ "v": 1, "id": "y" ');

    await expect(configs.load('x')).rejects.toMatchObject({ code: 'JOURNAL_UNREADABLE' });
  });

  it('is asked for where there is none', async () => {
    const state = stateFolder(folder, {});

    await expect(configOfRun('x', undefined, state)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      hint: 'Give it behind the id.',
    });
  });

  it('cannot be kept where no folder can be', async () => {
    await writeFile(join(folder, 'file'), '');

    await expect(new StoredConfigs(join(folder, 'file', 'configs')).save('x', DOCUMENT)).rejects.toMatchObject({
      code: 'IO_FAILED',
      hint: expect.stringContaining('--no-journal'),
    });
  });
});

describe('advice about a run', () => {
  const state = stateFolder('/a b', {});

  it('is a command that can be pasted', () => {
    expect(keptRunLines("it's -x", state)[0]).toBe(`  to go on:   sluice resume 'it'\\''s -x' --state '/a b'`);
    expect(keptRunLines('nightly', stateFolder(undefined, {}))[1]).toBe('  to give up: sluice abandon nightly');
  });

  it('names the variables that may have changed when the configuration has not', () => {
    expect(mismatchLines('x', { stored: DOCUMENT, used: DOCUMENT }, state)).toEqual([
      '  Give the environment variables the values they had: SF_URL.',
    ]);
    expect(mismatchLines('x', { stored: undefined, used: DOCUMENT }, state)).toEqual([]);
  });

  it('names the run that was meant, where one is near', () => {
    expect(runNotFound('nigthly', ['nightly', 'weekly'], state).hint).toBe('Did you mean nightly?');
    expect(runNotFound('x', ['nightly'], state).hint).toContain('sluice runs');
  });
});

describe('an id', () => {
  it('sorts by its time and differs from the next one', () => {
    const now = new Date('2026-11-25T13:44:55.678Z');

    expect(newRunId(now)).toMatch(/^20261125-134455-[a-z2-9]{6}$/);
    expect(newRunId(now)).not.toBe(newRunId(now));
  });
});
