import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';

import { SluiceError } from '@sluice/core';

import { isDefinitionFile } from './definition-files.ts';
import type { FactoryFile, ReadOptions } from './factory-file.ts';
import { readFactory, type ReadFactory } from './read-factory.ts';

export interface LoadOptions extends ReadOptions {
  /** Ends reading with its reason. */
  readonly signal?: AbortSignal;
}

/** A file larger than this is no definition. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/**
 * Reads a factory from the root folder of its repository, a Synapse workspace likewise, or an exported deployment
 * template: its file, with the values of its parameters beside it, or the folder both are in.
 *
 * What is wrong with its definitions does not throw; it is in the result, all of it.
 *
 * @throws `CONFIG_INVALID` when the path cannot be read; `signal.reason` when aborted.
 */
export async function loadFactory(path: string, options: LoadOptions = {}): Promise<ReadFactory> {
  const { signal, ...readOptions } = options;
  return readFactory(await factoryFiles(path, signal), readOptions);
}

/** The files of a factory, as `loadFactory` takes them. @throws as it does. */
export async function factoryFiles(path: string, signal?: AbortSignal): Promise<readonly FactoryFile[]> {
  try {
    return await filesAt(path, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    if (SluiceError.is(cause)) throw cause;
    throw new SluiceError('CONFIG_INVALID', `the factory ${path} cannot be read`, {
      cause,
      hint: 'Check the path and that this process may read it.',
    });
  }
}

async function filesAt(path: string, signal: AbortSignal | undefined): Promise<readonly FactoryFile[]> {
  if ((await stat(path)).isFile()) return await templateAt(path, signal);
  const names = (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.json$/i.test(entry.name))
    .map((entry) => relative(path, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => !name.split('/').some((part) => part.startsWith('.') || part === 'node_modules'))
    .toSorted();
  const definitions = names.filter(isDefinitionFile);
  const wanted = definitions.length > 0 ? definitions : names.filter((name) => !name.includes('/'));
  const files: FactoryFile[] = [];
  for (const name of wanted) files.push(await fileAt(join(path, name), name, signal));
  return files;
}

/** A template, and beside it the values of its parameters, by the names both are exported under. */
async function templateAt(path: string, signal: AbortSignal | undefined): Promise<readonly FactoryFile[]> {
  const name = basename(path);
  const valuesName = name.replace(/Template(?=For)/, 'TemplateParameters');
  const folder = dirname(path);
  const names = valuesName !== name && (await readdir(folder)).includes(valuesName) ? [name, valuesName] : [name];
  const files: FactoryFile[] = [];
  for (const one of names) files.push(await fileAt(join(folder, one), one, signal));
  return files;
}

async function fileAt(path: string, name: string, signal: AbortSignal | undefined): Promise<FactoryFile> {
  signal?.throwIfAborted();
  const { size } = await stat(path);
  if (size > MAX_FILE_BYTES)
    throw new SluiceError('CONFIG_INVALID', `the file ${name} is too large to be a definition`);
  return { path: name, bytes: await readFile(path) };
}
