import { resolve } from 'node:path';

import { SluiceError, type Store } from '@sluice/core';
import { localStore } from '@sluice/stores/local';

import type { FileLocation } from '../../definition/dataset/file-location.ts';
import type { Resolved } from '../../definition/value/resolved-value.ts';
import { fileServerRoot } from '../../secrets/connections.ts';
import type { LinkedServiceRequest } from '../../secrets/resolve-linked-service.ts';

export interface OpenStore {
  readonly store: Store;
  /** Absolute path of the folder that paths are relative to. */
  readonly root: string;
}

/**
 * The store of a linked service. A relative host counts from the folder of the factory.
 *
 * @throws `CONFIG_INVALID`; `CONNECTOR_MISSING` for another store than the file system.
 */
export async function openStore(request: LinkedServiceRequest, factoryFolder: string): Promise<OpenStore> {
  const { name, properties } = request.linkedService;
  if (properties.type !== 'FileServer') {
    throw new SluiceError(
      'CONNECTOR_MISSING',
      `linked service ${name}: there is no connector for ${properties.type} here`,
    );
  }
  const root = resolve(factoryFolder, await fileServerRoot(request));
  return { store: localStore(root), root };
}

export interface FilePlace {
  /** Relative to the root; empty or ending in `/`. */
  readonly folder: string;
  /** `undefined`: all files of the folder, or a name that is made up. */
  readonly fileName: string | undefined;
}

export function placeOf(location: Resolved<FileLocation>): FilePlace {
  const folder = pathOf(location.folderPath ?? '');
  const fileName = location.fileName?.trim();
  return {
    folder: folder === '' ? '' : `${folder}/`,
    fileName: fileName === undefined || fileName === '' ? undefined : fileName,
  };
}

/** Both kinds of slashes separate folders. */
export function pathOf(text: string): string {
  return text
    .split(/[/\\]/)
    .filter((part) => part !== '')
    .join('/');
}
