import type { Finding } from './finding.ts';
import { IMPORT_RULES, type ImportUse, isOurs, isRxjs } from './import-rules.ts';
import { moduleImports } from './module-imports.ts';
import { readFiles, readWorkspace, type WorkspacePackage } from './workspace.ts';

/** Holds every import of every package, example and benchmark against the rules. */
export async function checkImportDirections(root: string): Promise<readonly Finding[]> {
  const packages = await readWorkspace(root);
  const findings: Finding[] = [];
  const seen = { ours: 0, rxjs: 0 };
  for (const { folder } of packages) {
    for (const file of await readFiles(root, `${folder}/**/*.ts`)) {
      for (const { specifier, line } of moduleImports(file)) {
        if (isOurs(specifier)) seen.ours += 1;
        if (isRxjs(specifier)) seen.rxjs += 1;
        const use: ImportUse = { file: file.path, folder, specifier, target: packageOf(specifier, packages) };
        for (const rule of IMPORT_RULES) {
          const broken = rule(use);
          if (broken) findings.push({ where: `${file.path}:${line}`, ...broken });
        }
      }
    }
  }
  return [...findings, ...blindness(seen)];
}

function packageOf(specifier: string, packages: readonly WorkspacePackage[]): WorkspacePackage | undefined {
  const name = specifier.split('/').slice(0, 2).join('/');
  return packages.find(({ manifest }) => manifest.name === name);
}

/** Rules that met no import they could refuse have proved nothing. */
function blindness(seen: Readonly<Record<'ours' | 'rxjs', number>>): readonly Finding[] {
  const missed = [
    ...(seen.ours === 0 ? ['no import of a package of ours'] : []),
    ...(seen.rxjs === 0 ? ['no import of rxjs'] : []),
  ];
  return missed.map((what) => ({
    where: 'scripts/check/import-directions.ts',
    what: `saw ${what}, so it looked in the wrong place`,
    fix: 'Correct the folders it reads.',
  }));
}
