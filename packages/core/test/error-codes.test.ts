import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { renderErrorPage, renderErrorTable } from '../../../scripts/generate-errors.ts';
import { ERROR_CODES } from '../src/error/error-codes.ts';

const page = await readFile(new URL('../../../docs/errors.md', import.meta.url), 'utf8');

/** The codes with a row of their own, in order. */
function documentedCodes(): readonly string[] {
  return [...page.matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(([, code]) => code!);
}

describe('the error codes', () => {
  it('are all documented, once, and no others are', () => {
    expect(documentedCodes()).toEqual(Object.keys(ERROR_CODES));
    expect(documentedCodes().length).toBeGreaterThan(30);
  });

  it('are documented as they are', () => {
    expect(page).toContain(renderErrorTable());
    expect(renderErrorPage(page)).toBe(page);
  });

  it('are upper case words, explained in one sentence that fits a table', () => {
    for (const [code, { meaning }] of Object.entries(ERROR_CODES)) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      expect(meaning).toMatch(/^[A-Z][^|\n]*\.$/);
    }
  });

  it('never call retryable what is invalid', () => {
    const both = Object.values(ERROR_CODES).filter(({ retryable, invalid }) => retryable && invalid);

    expect(both).toEqual([]);
  });
});
