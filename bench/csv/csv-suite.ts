import { fileURLToPath } from 'node:url';

import type { Contender, Suite, SuiteOptions } from '../harness/contender.ts';
import { createBenchFile } from './bench-file.ts';

interface CsvSuite {
  readonly name: string;
  readonly title: string;
  readonly rows: number;
  /** Makes what the contenders need besides the file, in its folder. */
  readonly prepare?: (path: string) => Promise<void>;
  /** Each gets the path of the file besides its own input. */
  readonly contenders: readonly (Omit<Contender, 'modulePath' | 'input'> & {
    /** Of this folder. */
    readonly file: string;
    readonly input?: Contender['input'];
  })[];
}

/** A suite about the rows of one CSV file. */
export async function openCsvSuite(suite: CsvSuite, { rows = suite.rows }: SuiteOptions): Promise<Suite> {
  const csv = await createBenchFile(rows);
  await suite.prepare?.(csv.path);
  return {
    name: suite.name,
    title: suite.title,
    rows,
    bytes: csv.bytes,
    expected: csv.facts,
    contenders: suite.contenders.map(({ file, input, ...contender }) => ({
      ...contender,
      modulePath: fileURLToPath(new URL(file, import.meta.url)),
      input: { ...input, path: csv.path },
    })),
    [Symbol.asyncDispose]: () => csv[Symbol.asyncDispose](),
  };
}
