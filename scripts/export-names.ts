import { join } from 'node:path';

import { exportedNames } from './check/module-imports.ts';
import { readFiles, readPackages } from './check/workspace.ts';

const HEAD = `# Exports

Every name the packages export, so that a change to what is public shows in review.
Made by \`npx -y pnpm@12 run docs\`.
`;

/** The page with the exported names of every entry point. */
export async function renderExportsPage(root: string): Promise<string> {
  const sections: string[] = [HEAD];
  for (const { folder, manifest } of await readPackages(root)) {
    for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
      const source = target !== null && typeof target === 'object' ? target['@sluice/source'] : undefined;
      if (source === undefined) continue;
      const [file] = await readFiles(root, join(folder, source));
      if (file === undefined) continue; // The check of packages says so.
      const names = exportedNames(file);
      const lines = [
        ...names.filter(({ isType }) => !isType).map(({ name }) => `- \`${name}\``),
        ...names.filter(({ isType }) => isType).map(({ name }) => `- \`${name}\` (type)`),
      ];
      sections.push(`## ${manifest.name}${entry.slice(1)}\n\n${lines.join('\n') || 'Nothing.'}\n`);
    }
  }
  return sections.join('\n');
}
