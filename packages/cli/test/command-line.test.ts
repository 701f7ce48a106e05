import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';

import { describe, expect, it } from 'vitest';

import { documentOf } from './copy-workspace.ts';
import { sluiceHere } from './sluice-here.ts';
import { PROCESS_TIMEOUT_MS, sluice, SluiceProcess } from './sluice-process.ts';

const cwd = tmpdir();

describe('the command line', { timeout: PROCESS_TIMEOUT_MS }, () => {
  it('shows help for people who ask, with examples and exit codes', async () => {
    const program = await sluice(['--help'], { cwd });
    const command = await sluiceHere(['copy', '--help'], { cwd, env: {} });

    expect(program).toMatchObject({ code: 0, stderr: '' });
    for (const name of ['copy', 'resume', 'abandon', 'runs', 'explain', 'emulator']) {
      expect(program.stdout).toMatch(new RegExp(`^ {2}${name} .+`, 'm'));
    }
    expect(program.stdout).toContain('130  stopped by Ctrl-C');
    expect(command.stdout).toContain('$ sluice copy accounts.yaml --id');
    expect(command.stdout).toContain('--state <folder>');
  });

  it('tells its version', async () => {
    const manifest: unknown = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));

    const { stdout } = await sluice(['--version'], { cwd });

    expect(manifest).toHaveProperty('version', stdout.trim());
  });

  it.each([
    ['an unknown command', ['copi', 'a.yaml'], `unknown command 'copi'\n(Did you mean copy?)`],
    ['an unknown option', ['runs', '--ouput', 'json'], `unknown option '--ouput'\n(Did you mean --output?)`],
    ['a missing argument', ['copy'], `missing required argument 'config'`],
    ['one argument too many', ['runs', 'all'], 'too many arguments'],
    ['a format that is none', ['runs', '--output', 'xml'], 'Allowed choices are text, json.'],
    ['a port that is none', ['emulator', '--port', 'x'], 'It is no whole number.'],
    ['a port beyond the last', ['emulator', '--port', '65536'], 'Ports go up to 65535.'],
    ['no command', [], 'Usage: sluice'],
  ])('ends with 2 for %s, says what is wrong, and leaves stdout alone', async (_what, args, text) => {
    const ended = await sluiceHere(args, { cwd, env: {} });

    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(text);
  });

  it.each([
    [
      'an unknown option',
      ['runs', '--ouput', '--output', 'json'],
      "unknown option '--ouput'\n(Did you mean --output?)",
    ],
    ['a missing argument', ['copy', '--output=json'], "missing required argument 'config'"],
    ['no command', ['--output', 'json'], 'a command is missing'],
  ])('prints one JSON document for programs also for %s', async (_what, args, message) => {
    const ended = await sluiceHere(args, { cwd, env: {} });

    expect(ended.code).toBe(2);
    expect(documentOf(ended)).toEqual({
      status: 'failed',
      error: { code: 'CONFIG_INVALID', message, hint: 'sluice --help shows what there is.', retryable: false },
    });
  });

  it('ends with 1 and one line when the result cannot be written', async () => {
    await using full = await open('/dev/full', 'w');

    const ended = await new SluiceProcess(['runs'], { cwd, env: { XDG_STATE_HOME: cwd }, stdout: full.fd }).ended;

    expect(ended).toMatchObject({
      code: 1,
      stderr: 'error IO_FAILED: what the command has to tell cannot be written to stdout (ENOSPC)\n',
    });
  });

  it('ends quietly when nobody reads on', async () => {
    const process = new SluiceProcess(['runs', '--output', 'json'], { cwd, env: { XDG_STATE_HOME: cwd } });
    process.closeStdout();

    expect(await process.ended).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('sluice emulator', { timeout: PROCESS_TIMEOUT_MS }, () => {
  it('serves an org until Ctrl-C and prints what a copy needs', async () => {
    const emulator = new SluiceProcess(['emulator', '--output', 'json'], { cwd });
    await emulator.printed(/^\}$/m);
    // All of it is there, since the closing brace is.
    const { url, clientId, clientSecret } = documentOf(emulator.soFar()) as Readonly<Record<string, string>>;

    const answer = await fetch(`${url}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId!,
        client_secret: clientSecret!,
      }),
    });
    emulator.kill('SIGINT');

    expect(answer.status).toBe(200);
    expect(await emulator.ended).toMatchObject({ code: 0 });
  });

  it('ends with 1 for a port that is taken, and with 2 for an org that cannot be', async () => {
    const emulator = new SluiceProcess(['emulator'], { cwd });
    const [, port = ''] = /^export SF_URL=http:\/\/127\.0\.0\.1:(\d+)$/m.exec(
      await emulator.printed(/SF_SECRET=\S+\n/),
    )!;

    const second = await sluiceHere(['emulator', '--port', port], { cwd, env: {} });
    const odd = await sluiceHere(['emulator', '--bench', 'row=5'], { cwd, env: {} });
    emulator.kill('SIGTERM');

    expect(second.code).toBe(1);
    expect(second.stderr).toContain('EADDRINUSE');
    expect(odd.code).toBe(2);
    expect(odd.stderr).toContain('error CONFIG_INVALID: sluice emulator: bench.row is not known; did you mean rows?');
    expect(await emulator.ended).toMatchObject({ code: 0 });
  });
});
