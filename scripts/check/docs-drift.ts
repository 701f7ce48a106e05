import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { GeneratedPage } from '../generated-pages.ts';
import type { Finding } from './finding.ts';
import { exists, listPaths } from './workspace.ts';

const REGENERATE = 'Run `npx -y pnpm@12 run docs` and commit what it writes.';

/** Compares every generated page with what its generator makes now, and finds pages that no generator makes. */
export async function checkDocsDrift(root: string, pages: readonly GeneratedPage[]): Promise<readonly Finding[]> {
  if (pages.length === 0) return [{ where: 'scripts/generated-pages.ts', what: 'lists no page', fix: 'List them.' }];
  const findings: Finding[] = [];
  for (const { path, render } of pages) {
    const current = await readPage(root, path);
    const line = firstDifference(current, await render(current, root));
    if (line === undefined) continue;
    findings.push({
      where: `${path}:${line}`,
      what: 'is not what its generator makes from the sources',
      fix: REGENERATE,
    });
  }
  const known = new Set(pages.map(({ path }) => path));
  for (const path of await listPaths(root, 'docs/reference/**/*.*')) {
    if (known.has(path)) continue;
    findings.push({
      where: path,
      what: 'is made by no generator',
      fix: 'List it in scripts/generated-pages.ts, or remove it.',
    });
  }
  return findings;
}

/** The page as it stands; empty when it does not exist. */
export async function readPage(root: string, path: string): Promise<string> {
  return (await exists(root, path)) ? await readFile(join(root, path), 'utf8') : '';
}

/** From 1; undefined when the texts are the same. */
function firstDifference(a: string, b: string): number | undefined {
  if (a === b) return undefined;
  const others = b.split('\n');
  const at = a.split('\n').findIndex((line, i) => line !== others[i]);
  return at === -1 ? others.length : at + 1;
}
