import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Finding } from './finding.ts';
import { runCommand } from './tool-run.ts';
import type { SourceFile } from './workspace.ts';

interface ForbiddenWord {
  /** Written so that this file does not contain what it looks for. */
  readonly pattern: RegExp;
  readonly what: string;
  readonly fix: string;
}

const WORDS: readonly ForbiddenWord[] = [
  {
    pattern: /(?<![\w.:/-])\/(?:home|Users|work|root|private\/var)\/[\w.-]+/,
    what: 'names a path of one machine',
    fix: 'Use a path relative to the repository, or a temporary folder.',
  },
  { pattern: /\b[A-Z]:\\Users\\/, what: 'names a path of one machine', fix: 'Use a path relative to the repository.' },
  { pattern: /\b(?:T[O]DO|F[I]XME)\b/, what: 'puts work off', fix: 'Do it, or leave it out.' },
  {
    pattern: /\bregistry\.(?:npmjs|yarnpkg)\.\w+|\bnpm\.pkg\.github\b/,
    what: 'names a package registry',
    fix: 'Leave the registry to the configuration of whoever installs.',
  },
  {
    pattern: /\.\.[/]shared(?![\w-])/,
    what: 'points outside of the repository',
    fix: 'Put what is needed into the repository.',
  },
];

/** Third-party data, which is what it is. */
const DATA = /\.(?:csv|parquet|arrow|gz|wasm|png|jpg|ico)$/;

/** Looks through every file that is or would be committed. */
export async function checkForbiddenWords(root: string): Promise<readonly Finding[]> {
  const { exitCode, output } = await runCommand(root, 'git', [
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
  ]);
  const paths = [...new Set(output.split('\0'))].filter((path) => path !== '' && !DATA.test(path)).toSorted();
  if (exitCode !== 0 || paths.length === 0) {
    return [{ where: 'scripts/check/forbidden-words.ts', what: 'saw no file', fix: 'Run it in a git checkout.' }];
  }
  const found = await Promise.all(
    paths.map(async (path) => {
      const text = await readIfThere(join(root, path));
      return text === undefined ? [] : findForbiddenWords({ path, text }, ownRegistry(process.env));
    }),
  );
  return found.flat();
}

export function findForbiddenWords({ path, text }: SourceFile, registryHost?: string): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    for (const { pattern, what, fix } of WORDS) {
      if (pattern.test(line)) findings.push({ where: `${path}:${i + 1}`, what, fix });
    }
    if (registryHost !== undefined && line.includes(registryHost)) {
      findings.push({
        where: `${path}:${i + 1}`,
        what: 'names the package registry in use here',
        fix: 'Remove the host.',
      });
    }
  }
  return findings;
}

/** The host packages are installed from on this machine, where that is known. */
function ownRegistry(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const url = env['npm_config_registry'] ?? env['NPM_CONFIG_REGISTRY'];
  return url !== undefined && URL.canParse(url) ? new URL(url).host : undefined;
}

/** A file removed from the folder and not yet from the index is no longer there. */
async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR'))
      return undefined;
    throw error;
  }
}
