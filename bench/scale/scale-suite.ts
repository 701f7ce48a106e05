import { fileURLToPath } from 'node:url';

import type { Contender, Suite, SuiteOptions } from '../harness/contender.ts';
import { startOrg } from '../query/bench-org.ts';

/** Of one page, as large as an org makes them. */
const PAGE_ROWS = 100_000;
const SCALES = [1, 10];
const LARGE_SCALES = [1, 10, 100];
const DEFAULT_ROWS = 500_000;

/** A query of more and more rows: what grows with them, and what does not. */
export async function openScaleSuite({ rows = DEFAULT_ROWS, isLarge }: SuiteOptions): Promise<Suite> {
  await using opening = new AsyncDisposableStack();
  const contenders: Contender[] = [];
  let bytes = 0;
  for (const scale of isLarge ? LARGE_SCALES : SCALES) {
    const pageRows = Math.min(rows, PAGE_ROWS);
    const pages = Math.ceil((rows * scale) / pageRows);
    const modulePath = fileURLToPath(new URL('repeating-org-process.ts', import.meta.url));
    const { org } = opening.use(await startOrg(pageRows, { modulePath, more: [String(pages)] }));
    if (scale === 1) bytes = org.csvBytes;
    const size = { rows: pageRows * pages, bytes: org.csvBytes };
    const label = `${(size.rows / 1e6).toLocaleString('en-US')} million rows`;
    contenders.push(
      {
        ...size,
        name: `sluice, ${label}`,
        modulePath: fileURLToPath(new URL('contender-scale-parquet.ts', import.meta.url)),
        input: org,
        expected: { rows: size.rows },
        isOurs: true,
      },
      {
        ...size,
        name: `download, ${label}`,
        modulePath: fileURLToPath(new URL('../query/contender-download.ts', import.meta.url)),
        input: org,
        expected: { csvBytes: org.csvBytes },
        caveat: 'bytes that nobody looks at, not compressed: the floor',
      },
    );
  }
  const orgs = opening.move();
  return {
    name: 'scale',
    title: 'a query of more and more rows to Parquet',
    rows,
    bytes,
    expected: {},
    contenders,
    [Symbol.asyncDispose]: () => orgs.disposeAsync(),
  };
}
