import { describe, expect, it } from 'vitest';

import { checkPackageShape } from '../scripts/check/package-shape.ts';
import { entryOf, manifestOf, tempCheckout } from './temp-checkout.ts';

const CLEAN = {
  'tsconfig.json': `{ "references": [{ "path": "packages/stores" }] }`,
  'tsconfig.tests.json': `{ "references": [{ "path": "packages/stores" }] }`,
  'packages/stores/package.json': manifestOf('stores'),
  'packages/stores/README.md': '# Stores',
  'packages/stores/src/index.ts': 'export const one = 1;',
};

async function findingsWith(changes: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  await using checkout = await tempCheckout({ ...CLEAN, ...changes });
  return (await checkPackageShape(checkout.root)).map(({ where, what, fix }) => `${where}: ${what}. ${fix}`);
}

/** A clean package whose manifest differs in some fields. */
function manifestWith(changes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { 'packages/stores/package.json': { ...manifestOf('stores'), ...changes } };
}

describe('the guard of packages', () => {
  it('finds nothing in a package as it should be', async () => {
    expect(await findingsWith({})).toEqual([]);
  });

  it.each([
    ['name', '@other/stores'],
    ['description', ' '],
    ['license', undefined],
    ['type', 'commonjs'],
    ['sideEffects', undefined],
    ['engines', { node: '>=20' }],
    ['files', ['dist']],
    ['exports', {}],
  ])('refuses "%s": %j', async (field, value) => {
    const findings = await findingsWith(manifestWith({ [field]: value }));

    expect(findings).toEqual([expect.stringContaining(`packages/stores/package.json: "${field}" is`)]);
  });

  it('refuses an entry point without a source', async () => {
    expect(await findingsWith(manifestWith({ exports: { '.': entryOf('gone') } }))).toEqual([
      expect.stringContaining('"." leads to ./src/gone.ts, which does not exist'),
    ]);
  });

  it.each([
    ['built from another file', { ...entryOf('index'), default: './dist/main.js' }],
    ['without types', { '@sluice/source': './src/index.ts', default: './dist/index.js' }],
    ['with the default before the source', Object.fromEntries(Object.entries(entryOf('index')).toReversed())],
  ])('refuses an entry point %s', async (_, entry) => {
    expect(await findingsWith(manifestWith({ exports: { '.': entry } }))).toEqual([
      expect.stringContaining(`Set it to ${JSON.stringify(entryOf('index'))}`),
    ]);
  });

  it('refuses a command without a source', async () => {
    expect(await findingsWith(manifestWith({ bin: { sluice: './dist/main.js' } }))).toEqual([
      expect.stringContaining('the command sluice is built from src/main.ts, which does not exist'),
    ]);
  });

  it('refuses a plugin that nobody can import', async () => {
    expect(await findingsWith({ 'packages/stores/src/local/local-store.ts': 'export const local = 1;' })).toEqual([
      expect.stringContaining('packages/stores/src/local/local-store.ts is a plugin without an entry point'),
    ]);
    const exports = { '.': entryOf('index'), './disk': entryOf('local/local-store') };
    expect(
      await findingsWith({ 'packages/stores/src/local/local-store.ts': '', ...manifestWith({ exports }) }),
    ).toEqual([]);
  });

  it.each(['apache-arrow', '@sluice/core'])('wants %s as a peer where it is imported', async (name) => {
    const index = { 'packages/stores/src/index.ts': `import type { A } from '${name}';\nexport type B = A;` };

    expect(await findingsWith(index)).toEqual([expect.stringContaining(`sources import ${name}, which is not among`)]);
    expect(await findingsWith({ ...index, ...manifestWith({ peerDependencies: { [name]: '*' } }) })).toEqual([]);
  });

  it('refuses data that the published package would lack', async () => {
    const index = {
      'packages/stores/src/index.ts': `export const rows = new URL('../data/rows.csv', import.meta.url);`,
    };

    expect(await findingsWith(index)).toEqual([expect.stringContaining('read data/ at run time')]);
    expect(await findingsWith({ ...index, ...manifestWith({ files: ['data', 'dist', 'src'] }) })).toEqual([]);
  });

  it('wants a README', async () => {
    await using checkout = await tempCheckout({
      ...CLEAN,
      'tsconfig.json': `{ "references": [{ "path": "packages/stores" }, { "path": "packages/sinks" }] }`,
      'tsconfig.tests.json': `{ "references": [{ "path": "packages/stores" }, { "path": "packages/sinks" }] }`,
      'packages/sinks/package.json': manifestOf('sinks'),
      'packages/sinks/src/index.ts': 'export const one = 1;',
    });

    expect(await checkPackageShape(checkout.root)).toEqual([
      expect.objectContaining({ where: 'packages/sinks/README.md', what: 'does not exist' }),
    ]);
  });

  it('wants every package in both type checks', async () => {
    expect(await findingsWith({ 'tsconfig.tests.json': '{ "references": [] }' })).toEqual([
      expect.stringContaining('tsconfig.tests.json: does not refer to packages/stores'),
    ]);
  });

  it('fails when it saw no package', async () => {
    await using checkout = await tempCheckout({ 'README.md': '' });

    expect(await checkPackageShape(checkout.root)).toEqual([expect.objectContaining({ what: 'holds no package' })]);
  });
});
