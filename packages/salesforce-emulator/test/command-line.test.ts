import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { type EmulatorCommandOptions, parseEmulatorArguments, runEmulator } from '../src/index.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

interface Facts {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly soql?: string;
}

/** Runs the command, looks at the emulator while it is up, and stops it. */
async function whileRunning<Seen>(
  options: EmulatorCommandOptions,
  look: (text: string) => Promise<Seen>,
): Promise<Seen> {
  const stopping = new AbortController();
  const { promise, resolve } = Promise.withResolvers<string>();
  const stopped = runEmulator(options, { write: resolve, signal: stopping.signal });
  const text = await Promise.race([promise, stopped.then(() => '')]);
  try {
    return await look(text);
  } finally {
    stopping.abort();
    await stopped;
  }
}

async function versionCount(url: string): Promise<number> {
  // The list of versions is an array.
  return ((await (await fetch(`${url}/services/data`)).json()) as unknown[]).length;
}

describe('the command', () => {
  it('prints what one needs to connect, and stops when told to', async () => {
    const seen = await whileRunning({}, async (text) => {
      const url = /^url +(\S+)$/m.exec(text)?.[1] ?? '';
      return { text, url, versions: await versionCount(url) };
    });

    expect(seen.versions).toBe(37);
    expect(seen.text).toMatch(/^url {11}http:\/\/127\.0\.0\.1:\d+\nclientId {6}\S+\nclientSecret {2}\S+\n$/);
    await expect(versionCount(seen.url)).rejects.toThrow('fetch failed');
  });

  it('serves the org of a definition file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'emulator-command-'));
    try {
      const data = join(folder, 'org.json');
      await writeFile(data, JSON.stringify({ objects: { Own__c: { rows: [{ Name: 'a' }] } } }));

      const facts = await whileRunning({ data, json: true }, async (text) => JSON.parse(text) as Facts);

      expect(Object.keys(facts)).toEqual(['url', 'clientId', 'clientSecret']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('serves a benchmark', async () => {
    const facts = await whileRunning(
      { bench: 'rows=10,seed=2', json: true },
      async (text) => JSON.parse(text) as Facts,
    );

    expect(facts.soql).toMatch(/^SELECT Id, .* FROM Bench__c$/);
    expect(facts).toHaveProperty('csvBytes', expect.any(Number));
  });

  it.each([
    [{ port: 'x' }, /at port/],
    [{ bench: 'rows=many' }, /at bench\.rows/],
    [{ bench: 'lines=3' }, /lines/],
    [{ bench: {}, data: 'x.json' }, /either --data or --bench/],
    [{ data: '/nowhere/org.json' }, /nowhere/],
  ] satisfies [EmulatorCommandOptions, RegExp][])(
    'says what is wrong with its options: %o',
    async (options, message) => {
      const { signal } = new AbortController();

      await expect(runEmulator(options, { write: () => {}, signal })).rejects.toThrow(message);
    },
  );

  it('reads its arguments', () => {
    const args = ['--port', '8080', '--job-delay=50', '--page-rows', '7', '--json', '--bench', 'rows=3'];

    expect(parseEmulatorArguments(args)).toEqual({
      port: '8080',
      jobDelay: '50',
      pageRows: '7',
      json: true,
      bench: 'rows=3',
    });
    expect(() => parseEmulatorArguments(['--nothing'])).toThrow("Unknown option '--nothing'");
  });

  it('runs as a process until a signal comes', async () => {
    const child = spawn(process.execPath, ['--conditions=@sluice/source', MAIN, '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // The event's one argument; one line is one chunk of a pipe.
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { url } = JSON.parse(line.toString()) as Facts;
    expect(await versionCount(url)).toBe(37);
    child.kill('SIGTERM');

    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
