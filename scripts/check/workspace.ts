import { access, glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ExportConditions {
  readonly '@sluice/source'?: string;
  readonly types?: string;
  readonly default?: string;
}

/** What the guards read of a package.json. Nothing is taken for granted: it may be any of these that is missing. */
export interface Manifest {
  readonly name?: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly sideEffects?: boolean;
  readonly files?: readonly string[];
  readonly engines?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | null | ExportConditions>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface WorkspacePackage {
  /** Relative to the root, such as `packages/core`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

export interface SourceFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
}

const SKIPPED = new Set(['node_modules', 'dist']);

/** The packages under packages/, then examples and bench, in the order of their paths. */
export async function readWorkspace(root: string): Promise<readonly WorkspacePackage[]> {
  const manifests = await listPaths(root, '{packages/*,examples,bench}/package.json');
  return await Promise.all(
    manifests.map(async (path) => ({
      folder: path.slice(0, -'/package.json'.length),
      // Every property is optional, and the guards say which are missing.
      manifest: JSON.parse(await readFile(join(root, path), 'utf8')) as Manifest,
    })),
  );
}

/** The published packages: those under packages/. */
export async function readPackages(root: string): Promise<readonly WorkspacePackage[]> {
  return (await readWorkspace(root)).filter(({ folder }) => folder.startsWith('packages/'));
}

/** Files that match, without what is installed or built, in path order. */
export async function readFiles(root: string, pattern: string): Promise<readonly SourceFile[]> {
  const paths = await listPaths(root, pattern);
  return await Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })));
}

export async function listPaths(root: string, pattern: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const path of glob(pattern, { cwd: root, exclude: (name) => SKIPPED.has(name.split(/[/\\]/).at(-1)!) })) {
    paths.push(path.replaceAll('\\', '/'));
  }
  return paths.toSorted();
}

export async function exists(root: string, path: string): Promise<boolean> {
  try {
    await access(join(root, path));
    return true;
  } catch {
    return false;
  }
}
