import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

import { checkExports, checkMainsAreExported } from './export-targets.ts';
import type { Finding } from './finding.ts';
import { moduleImports } from './module-imports.ts';
import { exists, type Manifest, readFiles, readPackages, type SourceFile, type WorkspacePackage } from './workspace.ts';

/** Modules of which a program must hold one copy only, since their classes cross between packages. */
const SHARED_MODULES = ['apache-arrow', '@sluice/core'];
const CLI = 'packages/cli';

/** What a published package has to look like, against the files it has. */
export async function checkPackageShape(root: string): Promise<readonly Finding[]> {
  const packages = await readPackages(root);
  if (packages.length === 0) {
    return [{ where: 'packages/', what: 'holds no package', fix: 'Correct the folder the check reads.' }];
  }
  const perPackage = packages.map(async (pkg) => {
    const sources = await readFiles(root, `${pkg.folder}/src/**/*.ts`);
    return [
      ...checkFields(pkg),
      ...(await checkExports(root, pkg)),
      ...checkMainsAreExported(pkg, sources),
      ...checkPeers(pkg, sources),
      ...checkShippedData(pkg, sources),
      ...(await checkReadme(root, pkg)),
    ];
  });
  return [...(await Promise.all(perPackage)).flat(), ...(await checkReferences(root, packages))];
}

function checkFields({ folder, manifest }: WorkspacePackage): readonly Finding[] {
  const expected: readonly (readonly [keyof Manifest, boolean, string])[] = [
    ['name', manifest.name === folder.replace('packages/', '@sluice/'), `"${folder.replace('packages/', '@sluice/')}"`],
    ['description', Boolean(manifest.description?.trim()), 'a sentence'],
    ['license', manifest.license === 'MIT', '"MIT"'],
    ['type', manifest.type === 'module', '"module"'],
    ['sideEffects', manifest.sideEffects === false, 'false'],
    ['engines', manifest.engines?.['node'] === '>=24', '{ "node": ">=24" }'],
    ['files', ['dist', 'src'].every((name) => manifest.files?.includes(name)), 'a list with "dist" and "src"'],
    ['exports', Object.keys(manifest.exports ?? {}).length > 0, 'the entry points'],
  ];
  return expected
    .filter(([, holds]) => !holds)
    .map(([field, , value]) => ({
      where: `${folder}/package.json`,
      what: `"${field}" is ${JSON.stringify(manifest[field]) ?? 'missing'}`,
      fix: `Set it to ${value}.`,
    }));
}

/** The command is a program of its own; everything else is used beside other packages. */
function checkPeers({ folder, manifest }: WorkspacePackage, sources: readonly SourceFile[]): readonly Finding[] {
  if (folder === CLI) return [];
  const imported = new Set(sources.flatMap((file) => moduleImports(file).map(({ specifier }) => specifier)));
  return SHARED_MODULES.filter((name) => imported.has(name) && manifest.peerDependencies?.[name] === undefined).map(
    (name) => ({
      where: `${folder}/package.json`,
      what: `its sources import ${name}, which is not among the peerDependencies`,
      fix: `List ${name} under peerDependencies and devDependencies.`,
    }),
  );
}

/** Files read at run time through `new URL(…, import.meta.url)` must be in the package that is published. */
function checkShippedData({ folder, manifest }: WorkspacePackage, sources: readonly SourceFile[]): readonly Finding[] {
  const folders = new Set<string>();
  for (const { path, text } of sources) {
    for (const [, relative] of text.matchAll(/new URL\(\s*['"`](\.[^'"`$]+)['"`],\s*import\.meta\.url/g)) {
      folders.add(posix.relative(folder, posix.join(posix.dirname(path), relative!)).split('/')[0]!);
    }
  }
  return [...folders]
    .filter((name) => !manifest.files?.includes(name))
    .map((name) => ({
      where: `${folder}/package.json`,
      what: `its sources read ${name}/ at run time, which "files" leaves out of the published package`,
      fix: `Add "${name}" to files.`,
    }));
}

async function checkReadme(root: string, { folder }: WorkspacePackage): Promise<readonly Finding[]> {
  if (await exists(root, `${folder}/README.md`)) return [];
  const fix = 'Write what it does, what it guarantees, its limits, and one example that compiles.';
  return [{ where: `${folder}/README.md`, what: 'does not exist', fix }];
}

/** A package that no reference leads to is not type-checked. */
async function checkReferences(root: string, packages: readonly WorkspacePackage[]): Promise<readonly Finding[]> {
  const perFile = ['tsconfig.json', 'tsconfig.tests.json'].map(async (file) => {
    const text = await readFile(join(root, file), 'utf8');
    return packages
      .filter(({ folder }) => !text.includes(`"path": "${folder}"`))
      .map(({ folder }) => ({
        where: file,
        what: `does not refer to ${folder}`,
        fix: `Add { "path": "${folder}" } to references.`,
      }));
  });
  return (await Promise.all(perFile)).flat();
}
