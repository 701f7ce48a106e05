import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { JournalEntry } from '../src/contract/journal.ts';
import { sqliteJournal } from '../src/journal/sqlite-journal.ts';

/** Another process with the journal. `append` holds a run and appends to it without end, `look` lists without end. */
export interface JournalProcess extends AsyncDisposable {
  /** The next line it prints: after `append` how many entries it has, after `look` how often it has listed. */
  next(): Promise<number>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

export function memo(n: number): JournalEntry {
  return {
    kind: 'memo',
    scope: 'run',
    key: `k${n}`,
    value: { n, text: 'x'.repeat(Math.abs(n) % 700) },
    atMs: 1000 + n,
  };
}

export function startJournalProcess(task: 'append' | 'look', folder: string, runId: string): JournalProcess {
  const child = spawn(process.execPath, ['--conditions=@sluice/source', import.meta.filename, task, folder, runId], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return {
    async next() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error('the process has ended');
      return Number(value);
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

async function appendForEver(folder: string, runId: string): Promise<never> {
  const run = await sqliteJournal(folder).open(runId);
  for (let n = run.entries.length; ; n++) {
    await run.append(memo(n));
    await print(n + 1);
  }
}

async function lookForEver(folder: string): Promise<never> {
  const journal = sqliteJournal(folder);
  for (let n = 1; ; n++) {
    await journal.list();
    await print(n);
  }
}

async function print(n: number): Promise<void> {
  if (!process.stdout.write(`${n}\n`)) await once(process.stdout, 'drain');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [task, folder = '', runId = ''] = process.argv.slice(2);
  await (task === 'append' ? appendForEver(folder, runId) : lookForEver(folder));
}
