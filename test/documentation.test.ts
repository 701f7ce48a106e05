import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { checkFencesOf } from '../scripts/check/doc-fences.ts';
import { checkDocsDrift } from '../scripts/check/docs-drift.ts';
import { renderExportsPage } from '../scripts/export-names.ts';
import { entryOf, manifestOf, tempCheckout } from './temp-checkout.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FENCE = '```';

describe('the guard of examples in the documentation', () => {
  it('finds each mistake at its place in its page, and nothing in what compiles', async () => {
    const good = [
      `${FENCE}ts`,
      "import { SluiceError } from '@sluice/core';",
      "import { Field, Utf8 } from 'apache-arrow';",
      'const field = new Field("Id", new Utf8());',
      'export const isOurs: boolean = SluiceError.is(field);',
      FENCE,
    ];
    const bad = [
      '# Page',
      '',
      '- in a list:',
      '',
      `  ${FENCE}ts ignore`,
      "  import { nothing } from '@sluice/core';",
      "  const count: number = 'one';",
      `  ${FENCE}`,
      '',
      `${FENCE}sh`,
      'not TypeScript',
      FENCE,
      '~~~typescript',
      '// @ts-ignore',
      'const silenced: number = "one";',
      '~~~',
    ];

    const findings = await checkFencesOf(ROOT, [
      { path: 'README.md', text: good.join('\n') },
      { path: 'docs/bad.md', text: bad.join('\n') },
    ]);

    expect(findings.map(({ where, what }) => `${where} ${what}`)).toEqual([
      'docs/bad.md:14 silences the compiler',
      expect.stringMatching(/^docs\/bad\.md:6:10 TS2305: .*'nothing'/),
      expect.stringMatching(/^docs\/bad\.md:7:7 TS2322: /),
    ]);
  });

  it('fails when it saw no example', async () => {
    expect(await checkFencesOf(ROOT, [{ path: 'README.md', text: `${FENCE}sh\nls\n${FENCE}` }])).toEqual([
      expect.objectContaining({ what: 'hold no TypeScript to check' }),
    ]);
  });
});

describe('the guard of generated pages', () => {
  const page = { path: 'docs/list.md', render: () => 'one\ntwo\n' };

  it.each([
    ['of today', 'one\ntwo\n', []],
    ['of yesterday', 'one\n2\n', ['docs/list.md:2']],
    ['cut short', 'one\ntwo', ['docs/list.md:3']],
    ['not there', undefined, ['docs/list.md:1']],
  ])('judges a page %s', async (_, text, places) => {
    await using checkout = await tempCheckout(text === undefined ? {} : { 'docs/list.md': text });

    const findings = await checkDocsDrift(checkout.root, [page]);

    expect(findings.map(({ where }) => where)).toEqual(places);
  });

  it('finds a reference page that nothing makes', async () => {
    await using checkout = await tempCheckout({ 'docs/list.md': 'one\ntwo\n', 'docs/reference/old.json': '{}' });

    expect(await checkDocsDrift(checkout.root, [page])).toEqual([
      expect.objectContaining({ where: 'docs/reference/old.json', what: 'is made by no generator' }),
    ]);
  });

  it('fails when no page is listed', async () => {
    expect(await checkDocsDrift(ROOT, [])).toEqual([expect.objectContaining({ what: 'lists no page' })]);
  });
});

describe('the page of exports', () => {
  it('names every value and type of every entry point', async () => {
    await using checkout = await tempCheckout({
      'packages/formats/package.json': {
        ...manifestOf('formats'),
        exports: { '.': entryOf('index'), './csv': entryOf('csv') },
      },
      'packages/formats/src/index.ts': `export { b, type T } from './b.ts';\nexport type { A } from './b.ts';`,
      'packages/formats/src/csv.ts': `export function csv() {}\nexport interface Options {}\nexport const [x] = [1];`,
    });

    expect(await renderExportsPage(checkout.root)).toContain(
      '## @sluice/formats\n\n- `b`\n- `A` (type)\n- `T` (type)\n\n## @sluice/formats/csv\n\n- `csv`\n- `x`\n- `Options` (type)\n',
    );
  });

  it.each(['export * from "./b.ts";', 'export default 1;'])('is not made where names are hidden: %s', async (text) => {
    await using checkout = await tempCheckout({
      'packages/formats/package.json': manifestOf('formats'),
      'packages/formats/src/index.ts': text,
    });

    await expect(renderExportsPage(checkout.root)).rejects.toThrow('packages/formats/src/index.ts: ');
  });
});
