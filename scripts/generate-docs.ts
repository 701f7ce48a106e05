import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readPage } from './check/docs-drift.ts';
import { GENERATED_PAGES } from './generated-pages.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

for (const { path, render } of GENERATED_PAGES) {
  const current = await readPage(ROOT, path);
  const text = await render(current, ROOT);
  if (text === current) continue;
  await mkdir(dirname(join(ROOT, path)), { recursive: true });
  await writeFile(join(ROOT, path), text);
  console.log(`wrote ${path}`);
}
