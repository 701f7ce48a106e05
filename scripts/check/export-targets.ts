import type { Finding } from './finding.ts';
import { exists, type SourceFile, type WorkspacePackage } from './workspace.ts';

/** The main file of a plugin; each is an entry point of its own, so that nobody loads a driver they do not use. */
const PLUGIN_MAIN = /^packages\/(?:formats|stores|sources|sinks)\/src\/([^/]+)\/\1-(?:format|store|source|sink)\.ts$/;

/** Every entry point and command leads to a source file, and its built form is that of the source. */
export async function checkExports(root: string, { folder, manifest }: WorkspacePackage): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const where = `${folder}/package.json`;
  for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
    if (target === null) continue;
    const conditions = typeof target === 'string' ? { '@sluice/source': target, default: target } : target;
    const source = conditions['@sluice/source'];
    if (source === undefined || !(await exists(root, `${folder}/${source}`))) {
      const what = `"${entry}" leads to ${source ?? 'no "@sluice/source"'}, which does not exist`;
      findings.push({ where, what, fix: 'Correct the path, or remove the entry.' });
      continue;
    }
    if (typeof target === 'string') continue;
    const built = source.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, '');
    const expected = { '@sluice/source': source, types: `${built}.d.ts`, default: `${built}.js` };
    // As text, since the order of conditions counts too.
    if (JSON.stringify(target) === JSON.stringify(expected)) continue;
    findings.push({
      where,
      what: `"${entry}" is ${JSON.stringify(target)}`,
      fix: `Set it to ${JSON.stringify(expected)}.`,
    });
  }
  for (const [command, target] of Object.entries(manifest.bin ?? {})) {
    const source = target.replace(/^(\.\/)?dist\//, 'src/').replace(/\.js$/, '.ts');
    if (await exists(root, `${folder}/${source}`)) continue;
    findings.push({
      where,
      what: `the command ${command} is built from ${source}, which does not exist`,
      fix: 'Correct the path.',
    });
  }
  return findings;
}

export function checkMainsAreExported(
  { folder, manifest }: WorkspacePackage,
  sources: readonly SourceFile[],
): readonly Finding[] {
  const targets = Object.values(manifest.exports ?? {});
  const entries = new Set(targets.map((target) => (typeof target === 'string' ? target : target?.['@sluice/source'])));
  return sources.flatMap(({ path }) => {
    const name = PLUGIN_MAIN.exec(path)?.[1];
    if (name === undefined || entries.has(path.replace(`${folder}/`, './'))) return [];
    const fix = `Add "./${name}" to exports.`;
    return [{ where: `${folder}/package.json`, what: `${path} is a plugin without an entry point`, fix }];
  });
}
