import { describe, expect, it } from 'vitest';

import { checkImportDirections } from '../scripts/check/import-directions.ts';
import { entryOf, manifestOf, tempCheckout } from './temp-checkout.ts';

const CLEAN = {
  'packages/core/package.json': manifestOf('core'),
  'packages/core/src/index.ts': `export type { Json } from './contract/json.ts';`,
  'packages/core/src/contract/json.ts': `import type { Schema } from 'apache-arrow';\nexport type Json = Schema;`,
  'packages/core/src/progress/progress.ts': `import { Subject } from 'rxjs';\nexport const subject = new Subject();`,
  'packages/core/src/engine/run-events.ts': `export { Subject } from 'rxjs';`,
  'packages/formats/package.json': {
    ...manifestOf('formats'),
    exports: { '.': entryOf('index'), './csv': entryOf('csv'), './internal/*': null },
  },
  'packages/formats/src/csv.ts': `import type { Json } from '@sluice/core';\nexport type Csv = Json;`,
  'packages/formats/test/csv.test.ts': `import '../src/csv.ts';\nimport '@sluice/sinks';\nimport '../../../test/a.ts';`,
  'packages/salesforce/package.json': manifestOf('salesforce'),
  'packages/salesforce/src/bulk-query/watch-job.ts': `import { timer } from 'rxjs';\nexport const t = timer(1);`,
  'packages/sinks/package.json': manifestOf('sinks'),
  'packages/salesforce-emulator/package.json': manifestOf('salesforce-emulator'),
  'packages/cli/package.json': manifestOf('cli'),
  'packages/cli/src/demo.ts': `import '@sluice/salesforce-emulator';\nimport '@sluice/salesforce';\nimport 'rxjs';`,
  'examples/package.json': { name: '@sluice/examples', private: true },
  'examples/copy.ts': `import { csv } from '@sluice/formats/csv';\nexport const format = csv;`,
};

/** What the guard says of a clean checkout with one more file. */
async function findingsWith(path: string, text: string): Promise<readonly string[]> {
  await using checkout = await tempCheckout({ ...CLEAN, [path]: text });
  return (await checkImportDirections(checkout.root)).map(({ where, what }) => `${where} ${what}`);
}

describe('the guard of import directions', () => {
  it('finds nothing in a checkout that keeps them', async () => {
    expect(await findingsWith('packages/core/src/a.ts', 'export const a = 1;')).toEqual([]);
  });

  it.each([
    ['packages/core/src/a.ts', '@sluice/formats', 'core may import nothing of ours'],
    ['packages/formats/src/a.ts', '@sluice/salesforce', 'formats may import only core'],
    ['packages/sinks/src/a.ts', '@sluice/salesforce', 'sinks may import only formats, stores, core'],
    ['packages/salesforce/src/a.ts', '@sluice/salesforce-emulator', 'salesforce may import only'],
    ['packages/salesforce-emulator/src/a.ts', '@sluice/core', 'salesforce-emulator may import nothing of ours'],
    ['packages/salesforce-emulator/test/a.test.ts', '@sluice/salesforce', 'salesforce-emulator may import nothing'],
    ['packages/core/src/engine/a.ts', 'rxjs', 'the data plane is pulled'],
    ['packages/core/src/engine/progress-state.ts', 'rxjs', 'the data plane is pulled'],
    ['packages/salesforce/src/bulk-query/query-job.ts', 'rxjs/operators', 'the data plane is pulled'],
    ['packages/core/src/contract/a.ts', '../index.ts', 'imports ../index.ts into the contract'],
    ['packages/core/src/contract/a.ts', 'undici', 'imports undici into the contract'],
    ['packages/formats/src/a.ts', 'node:fs/promises', 'a format does no I/O'],
    ['packages/core/src/a.ts', '../test/a.ts', 'outside of packages/core/src/'],
    ['packages/core/test/a.test.ts', '../../formats/src/csv.ts', 'outside of packages/core/'],
    ['examples/a.ts', '../packages/formats/src/csv.ts', 'outside of examples/'],
    ['examples/a.ts', '@sluice/formats/src/csv.ts', 'packages/formats/package.json does not export'],
    ['examples/a.ts', '@sluice/formats/internal/a', 'packages/formats/package.json does not export'],
    ['examples/a.ts', '@sluice/nothing', 'there is no such package'],
  ])('refuses in %s an import of %s', async (path, specifier, reason) => {
    const findings = await findingsWith(path, `const first = 1;\nimport '${specifier}';\n`);

    expect(findings).toEqual([expect.stringContaining(reason)]);
    expect(findings[0]).toMatch(`${path}:2 `);
  });

  it.each([
    `import type { A } from '@sluice/formats';`,
    `export { a } from '@sluice/formats';`,
    `export * from '@sluice/formats';`,
    `const formats = await import('@sluice/formats');`,
    `let a: import('@sluice/formats').A;`,
  ])('sees the import in %s', async (text) => {
    expect(await findingsWith('packages/core/src/a.ts', text)).toHaveLength(1);
  });

  it('does not see one in a comment or a text', async () => {
    const text = `// import '@sluice/formats';\nexport const text = "import '@sluice/formats'";`;

    expect(await findingsWith('packages/core/src/a.ts', text)).toEqual([]);
  });

  it('wants a rule for a package it does not know', async () => {
    await using checkout = await tempCheckout({
      ...CLEAN,
      'packages/novel/package.json': manifestOf('novel'),
      'packages/novel/src/a.ts': `import 'node:path';`,
    });

    expect(await checkImportDirections(checkout.root)).toEqual([
      expect.objectContaining({ what: 'no rule says what packages/novel may import' }),
    ]);
  });

  it('fails when it saw nothing to refuse', async () => {
    await using checkout = await tempCheckout({ 'packages/core/package.json': manifestOf('core') });

    const findings = await checkImportDirections(checkout.root);

    expect(findings.map(({ what }) => what)).toEqual([
      expect.stringContaining('no import of a package of ours'),
      expect.stringContaining('no import of rxjs'),
    ]);
  });
});
