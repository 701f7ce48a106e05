import { type Context, SluiceError, type Store, type StoredFile } from '@sluice/core';

import type { PlannedFile } from './files-state.ts';
import { pathPattern } from './path-pattern.ts';

/** Which files are read. */
export interface FileSelection {
  readonly store: Store;
  /** A file, a folder (empty or ending in `/`), or several files. */
  readonly path: string | readonly string[];
  readonly match: string | undefined;
  readonly recursive: boolean;
  /** A text file in the store with a path on each line, relative to the folder. */
  readonly listFile: string | undefined;
  readonly modified: { readonly fromMs?: number; readonly beforeMs?: number };
}

/** In the order of their paths, or of the list. @throws `OBJECT_UNKNOWN` where there is none. */
export async function selectFiles(selection: FileSelection, ctx: Context): Promise<readonly PlannedFile[]> {
  const files = (await findFiles(selection, ctx)).filter(({ modifiedMs }) => isWithin(modifiedMs, selection));
  if (files.length > 0) return files;
  throw new SluiceError('OBJECT_UNKNOWN', `there is no file to read: ${selectionText(selection)}`, {
    hint: 'Check the folder, and the pattern and the times if there are any.',
  });
}

/** Paths relative to this are what rows say of their files. */
export function folderOf(path: string | readonly string[]): string {
  return typeof path === 'string' ? path.slice(0, path.lastIndexOf('/') + 1) : '';
}

export function isFolder(path: string | readonly string[]): path is string {
  return path === '' || (typeof path === 'string' && path.endsWith('/'));
}

export async function requireFile(store: Store, path: string, ctx: Context): Promise<PlannedFile> {
  const file = await store.stat(path, ctx);
  if (file !== undefined) return factsOf(file);
  throw new SluiceError('OBJECT_UNKNOWN', `there is no file ${path}`, { hint: 'Check the folder and the name.' });
}

async function findFiles(selection: FileSelection, ctx: Context): Promise<readonly PlannedFile[]> {
  const { store, path, match, recursive, listFile } = selection;
  if (listFile !== undefined) {
    const names = await readList(store, listFile, ctx);
    return await statAll(
      store,
      names.map((name) => folderOf(path) + name),
      ctx,
    );
  }
  if (!isFolder(path)) return await statAll(store, typeof path === 'string' ? [path] : path, ctx);
  const pattern = match === undefined ? undefined : pathPattern(match);
  const files: PlannedFile[] = [];
  for await (const file of store.list(path + (pattern?.folder ?? ''), ctx)) {
    const below = file.path.slice(path.length);
    if (pattern === undefined ? recursive || !below.includes('/') : pattern.matches(below)) files.push(factsOf(file));
  }
  return files;
}

async function statAll(store: Store, paths: readonly string[], ctx: Context): Promise<readonly PlannedFile[]> {
  const files: PlannedFile[] = [];
  for (const path of paths) files.push(await requireFile(store, path, ctx));
  return files;
}

async function readList(store: Store, path: string, ctx: Context): Promise<readonly string[]> {
  await requireFile(store, path, ctx);
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of store.read(path, ctx)) text += decoder.decode(chunk, { stream: true });
  return (text + decoder.decode())
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function factsOf({ path, byteLength, modifiedMs }: StoredFile): PlannedFile {
  return { path, byteLength, modifiedMs };
}

function isWithin(
  modifiedMs: number,
  { modified: { fromMs = -Infinity, beforeMs = Infinity } }: FileSelection,
): boolean {
  return modifiedMs >= fromMs && modifiedMs < beforeMs;
}

function selectionText({ path, match, listFile }: FileSelection): string {
  if (listFile !== undefined) return `the list ${listFile} names none`;
  if (!isFolder(path)) return `none of ${typeof path === 'string' ? path : `${path.length} files`} is within the times`;
  return `${path === '' ? 'the root' : path} has none${match === undefined ? '' : ` that matches ${match}`}`;
}
