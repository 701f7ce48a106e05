import type { Context, LeftBehind, PartResult, Store } from '@sluice/core';

import type { FilesMessage } from './files-state.ts';

export interface PublishedParts {
  readonly results: readonly PartResult[];
  readonly leftBehind: readonly LeftBehind[];
}

/** A file as it is once it is published, and the parts in it. */
export interface StagedFile {
  readonly path: string;
  /** Undefined where it is known to be published. */
  readonly byteLength: number | undefined;
  readonly parts: readonly FilesMessage[];
  /** Whether another file was there under its name when the run began. */
  readonly isReplacing: boolean;
}

/**
 * What an interrupted commit had published already: known by its length. A file of that length that may be the one that
 * was to be replaced leaves its rows in doubt.
 */
export async function publishedParts(
  store: Store,
  files: readonly StagedFile[],
  ctx: Context,
): Promise<PublishedParts> {
  const results: PartResult[] = [];
  const leftBehind: LeftBehind[] = [];
  for (const { path, byteLength, parts, isReplacing } of files) {
    const found = await store.stat(path, ctx);
    if (found === undefined || (byteLength !== undefined && found.byteLength !== byteLength)) continue;
    const isSure = byteLength === undefined || !isReplacing;
    for (const { part, rows } of parts) {
      const outcome = isSure ? { writtenRows: rows } : { writtenRows: 0, inDoubt: [{ from: 0, to: rows }] };
      results.push({ part, ...outcome, rejects: noRejects() });
    }
    leftBehind.push({
      kind: 'published file',
      id: path,
      reason: isSure
        ? 'It was published before the run was given up.'
        : 'It is the file that was to be replaced, or was published before the run was given up.',
      hint: 'Remove it unless it is wanted.',
    });
  }
  return { results, leftBehind };
}

async function* noRejects(): AsyncGenerator<never> {}
