import { renderSchema } from '../packages/adf/src/definition/published-schemas.ts';
import { copyConfigSchema } from '../packages/cli/src/index.ts';
import { renderConformancePage } from './conformance-page.ts';
import { renderChecklistPage } from './data-factory/render-checklist.ts';
import { renderExportsPage } from './export-names.ts';
import { renderErrorPage } from './generate-errors.ts';
import { renderKernel } from './generate-kernel.ts';

export interface GeneratedPage {
  /** Relative to the root. */
  readonly path: string;
  /** The whole text as it should be, given what is there (empty when there is nothing) and the root. */
  render(current: string, root: string): string | Promise<string>;
}

/** Everything in the repository that is made from sources. Another page is another line. */
export const GENERATED_PAGES: readonly GeneratedPage[] = [
  { path: 'docs/errors.md', render: renderErrorPage },
  { path: 'docs/reference/conformance.md', render: (_current, root) => renderConformancePage(root) },
  { path: 'docs/reference/data-factory.md', render: (_current, root) => renderChecklistPage(root) },
  { path: 'docs/reference/exports.md', render: (_current, root) => renderExportsPage(root) },
  { path: 'docs/reference/schemas/linked-service.json', render: () => renderSchema('linkedService') },
  { path: 'docs/reference/schemas/dataset.json', render: () => renderSchema('dataset') },
  { path: 'docs/reference/schemas/pipeline.json', render: () => renderSchema('pipeline') },
  {
    path: 'docs/reference/schemas/sluice-copy.json',
    render: () => `${JSON.stringify(copyConfigSchema(), undefined, 2)}\n`,
  },
  {
    path: 'packages/formats/src/csv/kernel/kernel-bytes.ts',
    render: (_current, root) => renderKernel(root, 'kernel.ts', 'KERNEL_BASE64'),
  },
  {
    path: 'packages/formats/src/parquet/decode/page-kernel-bytes.ts',
    render: (_current, root) => renderKernel(root, 'pages.ts', 'PAGE_KERNEL_BASE64'),
  },
];
