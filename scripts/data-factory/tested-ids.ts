import { readFiles } from '../check/workspace.ts';

const TESTS = ['packages/*/test/**/*.test.ts', 'examples/**/*.test.ts'];
const ID = /\b[A-Z][A-Z0-9]{1,2}-\d{2}\b/g;
/** Titles of tests, and rows of tables that tests are made of. */
const TITLE = /(?:\b(?:it|test|describe)(?:\.each)?\b.*?|^\s*(?:\]\)\(|\[)?|\bid: )(['"`])(.*?)\1/gm;

/** The ids in the titles of tests. */
export async function testedIds(root: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const pattern of TESTS) {
    for (const { text } of await readFiles(root, pattern)) {
      for (const [, , title = ''] of text.matchAll(TITLE)) {
        for (const [id] of title.matchAll(ID)) ids.add(id);
      }
    }
  }
  return ids;
}
