import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Facts } from '../harness/contender.ts';
import { startOrg } from '../query/bench-org.ts';
import { csvFacts } from '../query/expected-facts.ts';
import { rawQuery } from '../query/raw-query.ts';

export interface BenchFile extends AsyncDisposable {
  readonly path: string;
  readonly bytes: number;
  /** What its rows add up to by a parser that is no contender. */
  readonly facts: Facts;
}

/** The result of the emulator's query, 20 typed columns with every cell in quotes, as a file. */
export async function createBenchFile(rows: number): Promise<BenchFile> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  const path = join(folder, 'rows.csv');
  {
    await using running = await startOrg(rows);
    await writeFile(path, rawQuery(running.org));
  }
  const facts = await csvFacts(createReadStream(path));
  return {
    path,
    bytes: Number(facts['csvBytes']),
    facts,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
