import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import { type Fence, typescriptFences } from './fence-text.ts';
import type { Finding } from './finding.ts';
import { runTool } from './tool-run.ts';
import { exists, readFiles, readPackages, type SourceFile } from './workspace.ts';

const PAGES = '{README.md,docs/**/*.md,packages/*/README.md,examples/**/*.md,bench/**/*.md}';
const SILENCED = /@ts-(?:nocheck|ignore|expect-error)/;
const DIAGNOSTIC = /^(?<file>.+?)\((?<line>\d+),(?<column>\d+)\): error (?<message>TS\d+: .*)$/;

/** Type-checks the TypeScript of every page. Each fence is a module of its own and may import any package of ours. */
export async function checkDocFences(root: string): Promise<readonly Finding[]> {
  return await checkFencesOf(root, await readFiles(root, PAGES));
}

export async function checkFencesOf(root: string, pages: readonly SourceFile[]): Promise<readonly Finding[]> {
  const fences = pages.flatMap(typescriptFences);
  if (fences.length === 0) {
    return [{ where: 'the pages', what: 'hold no TypeScript to check', fix: 'Correct the folders the check reads.' }];
  }
  const folder = join(root, 'node_modules/.cache', `doc-fences-${process.pid}`);
  try {
    await linkPackages(root, folder);
    const files = await writeFences(folder, fences);
    return [...silenced(fences), ...(await compile(root, folder, files))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a program has installed that uses our packages: they themselves, and what they depend on. */
async function linkPackages(root: string, folder: string): Promise<void> {
  const targets = new Map<string, string>();
  for (const { folder: home, manifest } of await readPackages(root)) {
    targets.set(manifest.name!, join(root, home));
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
      const installed = `${home}/node_modules/${name}`;
      if (!targets.has(name) && (await exists(root, installed))) targets.set(name, join(root, installed));
    }
  }
  for (const [name, target] of targets) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(target, link, 'junction');
  }
}

/** Each fence in a file of its own, on the line it has in its page. Returns the page of each file. */
async function writeFences(folder: string, fences: readonly Fence[]): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>();
  for (const [i, { page, line, code }] of fences.entries()) {
    const file = `fence-${i}.ts`;
    pages.set(file, page);
    await writeFile(join(folder, file), `${'\n'.repeat(line - 1)}${code}\nexport {};\n`);
  }
  return pages;
}

async function compile(root: string, folder: string, pages: ReadonlyMap<string, string>): Promise<readonly Finding[]> {
  const options = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: { composite: false, declarationMap: false, noEmit: true, rewriteRelativeImportExtensions: false },
    files: [...pages.keys()],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(options));
  const result = await runTool(root, 'tsc', ['--project', folder, '--pretty', 'false']);
  const fix = 'Correct the example, so that a reader can copy it into a file of its own.';
  const findings: Finding[] = [];
  let elsewhere = 0;
  for (const text of result.output.split('\n')) {
    const { file, line, column, message } = DIAGNOSTIC.exec(text)?.groups ?? {};
    if (file === undefined) continue;
    const page = pages.get(relative(folder, join(root, file)));
    if (page === undefined) elsewhere += 1;
    else findings.push({ where: `${page}:${line}:${column}`, what: message!, fix });
  }
  // Errors in the packages themselves are those of the type check; a compiler that gave no places did not get that far.
  if (result.exitCode !== 0 && findings.length === 0 && elsewhere === 0) {
    findings.push({ where: 'the compiler', what: result.output, fix: 'Make it run: this check did not.' });
  }
  return findings;
}

function silenced(fences: readonly Fence[]): readonly Finding[] {
  return fences
    .filter(({ code }) => SILENCED.test(code))
    .map(({ page, line }) => ({
      where: `${page}:${line}`,
      what: 'silences the compiler',
      fix: 'Show code that compiles.',
    }));
}
