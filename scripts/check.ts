import { fileURLToPath } from 'node:url';

import { type CheckStep, runSteps } from './check/check-step.ts';
import { checkDocFences } from './check/doc-fences.ts';
import { checkDocsDrift } from './check/docs-drift.ts';
import type { Guard } from './check/finding.ts';
import { checkForbiddenWords } from './check/forbidden-words.ts';
import { checkImportDirections } from './check/import-directions.ts';
import { checkPackageShape } from './check/package-shape.ts';
import { runTool } from './check/tool-run.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const STEPS: readonly CheckStep[] = [
  tool('formatting', 'oxfmt', ['--check'], 'Run `npx -y pnpm@12 format`.'),
  tool(
    'lint',
    'oxlint',
    ['--type-aware', '--deny-warnings'],
    'Correct the code; a rule is turned off only with a reason.',
  ),
  tool('types', 'tsc', ['-b', '--pretty', 'false'], 'Correct the types.'),
  tool(
    'dead code and dependencies',
    'knip',
    ['--no-progress', '--no-config-hints'],
    'Remove what is unused; list what is used.',
  ),
  guard('import directions', checkImportDirections),
  guard('generated pages', async (root) => {
    // Loaded here, since generators run the sources, and those may be broken.
    const { GENERATED_PAGES } = await import('./generated-pages.ts');
    return await checkDocsDrift(root, GENERATED_PAGES);
  }),
  guard('packages', checkPackageShape),
  guard('examples in the documentation', checkDocFences),
  guard('forbidden words', checkForbiddenWords),
];

function tool(name: string, program: string, args: readonly string[], fix: string): CheckStep {
  const run: CheckStep['run'] = async () => {
    const { exitCode, output } = await runTool(ROOT, program, args);
    return exitCode === 0 ? [] : [{ where: [program, ...args].join(' '), what: output, fix }];
  };
  return { name, run };
}

function guard(name: string, look: Guard): CheckStep {
  return { name, run: () => look(ROOT) };
}

const failed = await runSteps(STEPS, (line) => console.log(line));
if (failed.length > 0) process.exitCode = 1;
