import { join } from 'node:path';

import {
  type DefinitionKind,
  type DefinitionProblem,
  definitionsInvalid,
  type Factory,
  factoryFiles,
  type FactoryFile,
  readFactory,
} from '@sluice/adf';
import { SluiceError } from '@sluice/core';

import { sortProblems } from './open-factory.ts';
import { createFile } from './write-definition.ts';

export interface FactoryBefore {
  readonly files: readonly FactoryFile[];
  readonly factory: Factory;
}

/** What is in the folder already, as far as it can be read; the folder may be empty. @throws as `loadFactory` does. */
export async function readForNew(path: string, signal: AbortSignal): Promise<FactoryBefore> {
  const files = await factoryFiles(path, signal);
  return { files, factory: readFactory(files).factory };
}

export interface NewDefinition {
  readonly kind: DefinitionKind;
  /** Of the factory. */
  readonly path: string;
  readonly name: string;
  readonly properties: object;
  readonly files: readonly FactoryFile[];
}

export interface CreatedDefinition {
  readonly file: string;
  readonly warnings: readonly DefinitionProblem[];
}

/**
 * Writes a definition, once it has been checked among the others.
 *
 * @throws `CONFIG_INVALID` with everything that is wrong with it; `TARGET_EXISTS`, `TARGET_UNWRITABLE`. Nothing is
 *   written then.
 */
export async function createDefinition(definition: NewDefinition): Promise<CreatedDefinition> {
  const { kind, path, name, properties, files } = definition;
  const file = `${folderFor(kind, files)}/${name}.json`;
  if (files.some((other) => other.path.toLowerCase() === file.toLowerCase())) {
    throw new SluiceError('TARGET_EXISTS', `${file} is there already`, {
      hint: 'Choose another name, or edit the file.',
    });
  }
  const text = `${JSON.stringify({ name, properties }, undefined, 2)}\n`;
  const { problems } = readFactory([...files, { path: file, bytes: new TextEncoder().encode(text) }]);
  const { errors, warnings } = sortProblems(problems.filter((problem) => problem.file === file));
  if (errors.length > 0) throw definitionsInvalid(errors);
  await createFile(join(path, file), text);
  return { file: join(path, file), warnings };
}

/** Where the factory has such definitions; Synapse workspaces spell folders differently. */
function folderFor(kind: DefinitionKind, files: readonly FactoryFile[]): string {
  const folders = files.map(({ path }) => path.slice(0, Math.max(0, path.indexOf('/'))));
  return folders.find((folder) => folder.toLowerCase().replace(/s$/, '') === kind.toLowerCase()) ?? kind;
}
