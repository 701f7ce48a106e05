import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { type BenchFile, createBenchFile } from '../csv/bench-file.ts';
import type { Contender, Suite, SuiteOptions } from '../harness/contender.ts';
import { loadSubject, type Role, rolesOf } from './bench-subject.ts';

const DEFAULT_ROWS = 100_000;
const FIRST_PARTY = new URL('first-party.ts', import.meta.url).href;
const CONTENDER = fileURLToPath(new URL('contender-plugin.ts', import.meta.url));

const TITLES: Readonly<Record<Role, string>> = {
  source: 'reading as many rows, against numbers in memory',
  sink: '20 columns from memory, against files of Arrow on a local disk',
  encode: '20 columns in memory to bytes, against Arrow',
  decode: 'bytes of 20 columns to memory, against Arrow',
};

/** A suite for each kind of plugin that the module has. @throws {TypeError} when it has none. */
export async function openPluginSuites(
  module: string,
  { rows = DEFAULT_ROWS }: SuiteOptions,
): Promise<readonly Suite[]> {
  const modulePath = pathToFileURL(resolve(module)).href;
  const { name, ...subject } = await loadSubject(modulePath);
  const roles = rolesOf({ name, ...subject });
  const csv = await createBenchFile(rows);
  return roles.map((role, i) => {
    const contender = (of: string, path: string): Contender => ({
      name: of,
      modulePath: CONTENDER,
      input: { modulePath: path, role, path: csv.path, rows },
    });
    return {
      name: `${name}, ${role}`,
      title: TITLES[role],
      rows,
      bytes: csv.bytes,
      expected: csv.facts,
      contenders: [{ ...contender(name, modulePath), isOurs: true }, contender(`sluice, ${role}`, FIRST_PARTY)],
      // The suites are run one after another.
      [Symbol.asyncDispose]: async () => await disposeLast(csv, i === roles.length - 1),
    };
  });
}

async function disposeLast(csv: BenchFile, isLast: boolean): Promise<void> {
  if (isLast) await csv[Symbol.asyncDispose]();
}
