import { renderExportsPage } from './export-names.ts';
import { renderErrorPage } from './generate-errors.ts';

export interface GeneratedPage {
  /** Relative to the root. */
  readonly path: string;
  /** The whole text as it should be, given what is there (empty when there is nothing) and the root. */
  render(current: string, root: string): string | Promise<string>;
}

/** Everything in the repository that is made from sources. Another page is another line. */
export const GENERATED_PAGES: readonly GeneratedPage[] = [
  { path: 'docs/errors.md', render: renderErrorPage },
  { path: 'docs/reference/exports.md', render: (_current, root) => renderExportsPage(root) },
];
