import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { checkForbiddenWords, findForbiddenWords } from '../scripts/check/forbidden-words.ts';
import { tempCheckout } from './temp-checkout.ts';

// Put together here, since the guard reads this file too.
const joined = (...parts: readonly string[]): string => parts.join('');
const LATER = joined('TO', 'DO');

describe('the guard of forbidden words', () => {
  it.each([
    [`// ${LATER}: the rest`, 'puts work off'],
    [joined("const out = '/ho", "me/ada/out';"), 'names a path of one machine'],
    [joined('C:', '\\Users\\ada'), 'names a path of one machine'],
    [joined('resolved: https://registry.', 'npmjs.org/rxjs'), 'names a package registry'],
    [joined('see ..', '/shared/notes.md'), 'points outside of the repository'],
    ['tarball: https://mirror.example:8080/rxjs.tgz', 'names the package registry in use here'],
  ])('refuses %s', (text, what) => {
    const findings = findForbiddenWords({ path: 'a.ts', text: `first\n${text}\n` }, 'mirror.example:8080');

    expect(findings).toEqual([expect.objectContaining({ where: 'a.ts:2', what })]);
  });

  it.each(['GET /services/data/v64.0/jobs/work/next', 'https://example.com/home/ada', '../shared-state.ts', 'TODAY'])(
    'lets %s pass',
    (text) => {
      expect(findForbiddenWords({ path: 'a.ts', text })).toEqual([]);
    },
  );

  it('reads what is or would be committed, and nothing else', async () => {
    await using checkout = await tempCheckout({
      '.gitignore': 'dist/\n',
      'dist/a.js': LATER,
      'data/a.csv': LATER,
      'src/added.ts': LATER,
      'src/new.ts': LATER,
      'src/removed.ts': LATER,
    });
    const git = (...args: readonly string[]): unknown => execFileSync('git', ['-C', checkout.root, ...args]);
    git('init', '--quiet');
    git('add', 'src/added.ts', 'src/removed.ts');
    await rm(`${checkout.root}/src/removed.ts`);

    const findings = await checkForbiddenWords(checkout.root);

    expect(findings.map(({ where }) => where)).toEqual(['src/added.ts:1', 'src/new.ts:1']);
  });

  it('fails when it saw no file', async () => {
    await using checkout = await tempCheckout({ 'a.ts': LATER });

    expect(await checkForbiddenWords(checkout.root)).toEqual([expect.objectContaining({ what: 'saw no file' })]);
  });
});
