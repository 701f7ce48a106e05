import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { documentOf } from './copy-workspace.ts';
import { sluiceHere } from './sluice-here.ts';
import { PROCESS_TIMEOUT_MS, sluice } from './sluice-process.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-completion-'));
  const { stdout } = await sluice(['completion', 'bash'], { cwd: folder });
  await writeFile(join(folder, 'sluice.bash'), stdout);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** What bash offers where the last word is still being written. */
async function offers(...words: readonly string[]): Promise<readonly string[]> {
  const script = `source sluice.bash
COMP_WORDS=(sluice "$@"); COMP_CWORD=$#; _sluice; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', script, 'bash', ...words], { cwd: folder });
  return stdout.split('\n').filter((line) => line !== '');
}

describe('sluice completion', { timeout: PROCESS_TIMEOUT_MS }, () => {
  it('makes bash complete commands, those within commands, and what arguments must be', async () => {
    expect(await offers('')).toEqual(expect.arrayContaining(['copy', 'run', 'validate', 'upgrade', 'new', 'help']));
    expect(await offers('up')).toEqual(['upgrade']);
    expect(await offers('new', '')).toEqual(['linked-service', 'dataset', 'pipeline']);
    expect(await offers('completion', 'z')).toEqual(['zsh']);
    expect((await offers('help', 'ru')).toSorted()).toEqual(['run', 'runs']);
  });

  it('makes bash complete options where they belong, and their values', async () => {
    expect(await offers('upgrade', 'x', '--w')).toEqual(['--write']);
    expect(await offers('run', '--w')).toEqual([]);
    expect(await offers('new', 'dataset', 'x', '--q')).toEqual(['--quiet']);
    expect(await offers('new', 'dataset', 'x', '--type', 'P')).toEqual(['Parquet']);
    expect(await offers('runs', '--output', '')).toEqual(['text', 'json']);
    expect(await offers('--verb')).toEqual(['--verbose']);
  });

  it('leaves everything else to bash, which completes files', async () => {
    expect(await offers('copy', '')).toEqual([]);
    expect(await offers('run', 'x', '--parameters-file', 'ru')).toEqual([]);
    expect(await readFile(join(folder, 'sluice.bash'), 'utf8')).toContain('complete -o default -F _sluice sluice');
  });

  it.each([
    ['zsh', "'new') if [[", "'--write:change the files, instead of showing how'"],
    ['fish', "complete -c sluice -n '__fish_use_subcommand' -f -a 'upgrade' -d '", "-l 'write' -d 'change the files,"],
  ])('knows the same for %s', async (shell, command, option) => {
    const ended = await sluiceHere(['completion', shell], { cwd: folder, env: {} });

    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout.replaceAll(/\n\s+/g, ' ')).toContain(command);
    expect(ended.stdout).toContain(option);
    // Quotes of summaries would end those of the shell.
    expect(ended.stdout.replaceAll(/\\'|'\\''/g, '').match(/'/g)!.length % 2).toBe(0);
  });

  it('is one document when asked for one, and refuses other shells', async () => {
    const ended = await sluiceHere(['completion', 'bash', '--output', 'json'], { cwd: folder, env: {} });
    const other = await sluiceHere(['completion', 'tcsh'], { cwd: folder, env: {} });

    expect(documentOf(ended)).toMatchObject({
      shell: 'bash',
      script: expect.stringContaining('complete -o default'),
    });
    expect(other).toMatchObject({ code: 2, stdout: '' });
    expect(other.stderr).toContain('Allowed choices are bash, zsh, fish.');
  });

  it.each([
    ['upgrade', '$ sluice upgrade my-factory --write'],
    ['new', '$ sluice new pipeline my-factory Load --from accounts --to lake-accounts'],
    ['new linked-service', '--client-id <consumer key> --secret-env SF_SECRET'],
    ['new dataset', '--folder-path raw --file-name accounts.parquet'],
    ['new pipeline', "--query 'SELECT Id, Name FROM Account'"],
    ['completion', '$ source <(sluice completion bash)'],
  ])('stands beside commands whose help has examples: %s', async (command, example) => {
    const ended = await sluiceHere([...command.split(' '), '--help'], { cwd: folder, env: {} });

    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain(example);
  });
});
