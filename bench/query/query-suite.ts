import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

import type { Contender, Suite, SuiteOptions } from '../harness/contender.ts';
import { expectedFacts } from './expected-facts.ts';
import { queryInput } from './query-input.ts';

const DEFAULT_ROWS = 500_000;

/** The line that the emulator's process writes when it is ready. */
const readyOrg = queryInput.extend({ csvBytes: z.int() });
type ReadyOrg = z.output<typeof readyOrg>;

/** A query over HTTP, from the login to typed columns or files, against the nearest peer and against the bare download. */
export async function openQuerySuite({ rows = DEFAULT_ROWS }: SuiteOptions): Promise<Suite> {
  const emulator = spawn(
    process.execPath,
    ['--conditions=@sluice/source', modulePath('emulator-process.ts'), String(rows)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const input = await readyLine(emulator);
  return {
    name: 'query',
    title: '20 columns through a query job',
    rows,
    bytes: input.csvBytes,
    expected: await expectedFacts(input),
    contenders: contendersOf(input),
    async [Symbol.asyncDispose]() {
      const { promise: closed, resolve } = Promise.withResolvers<void>();
      emulator.on('close', () => resolve());
      emulator.stdin?.end();
      await closed;
    },
  };
}

function contendersOf(input: ReadyOrg): readonly Contender[] {
  const contender = (name: string, file: string, more: Partial<Contender> = {}): Contender => ({
    name,
    modulePath: modulePath(file),
    ...more,
    input: { ...input, ...more.input },
  });
  return [
    contender('sluice to Parquet (zstd)', 'contender-sluice-parquet.ts', { input: { gzip: true } }),
    contender('sluice to Parquet (zstd), no gzip', 'contender-sluice-parquet.ts', { input: { gzip: false } }),
    contender('sluice to Arrow', 'contender-sluice-arrow.ts', {
      input: { gzip: true },
      caveat: 'keeps all batches in memory',
    }),
    contender('jsforce bulk2.query', 'contender-jsforce.ts', {
      caveat: 'records of text without types, all in memory, and nothing written',
    }),
    contender('undici download', 'contender-download.ts', { caveat: 'bytes that nobody looks at: the floor' }),
  ];
}

function modulePath(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

async function readyLine({ stdout, ...emulator }: ChildProcess): Promise<ReadyOrg> {
  let text = '';
  for await (const chunk of stdout ?? []) {
    text += String(chunk);
    if (text.endsWith('\n')) return readyOrg.parse(JSON.parse(text));
  }
  throw new Error(`the emulator ended before it was ready (${emulator.exitCode})`);
}
