import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { expect } from 'vitest';

import type { PipelineResult } from '../../src/run/run-pipeline.ts';
import { reference } from '../definitions/factory-files.ts';
import { type CopyWorkspace, copyWorkspace, itemsOrg, type WorkspaceRun } from './copy-workspace.ts';

type Json = Readonly<Record<string, unknown>>;

export interface FileCopy {
  readonly from: Json;
  /** Default: the text file `out/all.csv`. */
  readonly to?: Json;
  readonly source?: Json;
  readonly sink?: Json;
  readonly more?: Json;
  /** What the run is told. */
  readonly run?: WorkspaceRun;
}

/** Copies from a dataset to another, in a folder of their own. */
export interface FileCopies extends AsyncDisposable {
  readonly workspace: CopyWorkspace;
  write(path: string, content: string | Uint8Array): Promise<void>;
  bytes(path: string): Promise<Buffer>;
  text(path: string): Promise<string>;
  copy(copy: FileCopy): Promise<PipelineResult>;
  /** The rows of the text file that is written by default. */
  lines(copy: FileCopy): Promise<readonly string[]>;
}

/** A dataset; a path that ends in `/` is a folder. */
export function file(type: string, path: string, more: Json = {}): Json {
  const at = path.lastIndexOf('/');
  const fileName = path.slice(at + 1);
  return {
    type,
    linkedServiceName: reference('disk'),
    typeProperties: {
      location: {
        type: 'FileServerLocation',
        folderPath: path.slice(0, Math.max(0, at)),
        ...(fileName === '' ? {} : { fileName }),
      },
      ...more,
    },
  };
}

export function csv(path: string, more: Json = {}): Json {
  return file('DelimitedText', path, { firstRowAsHeader: true, escapeChar: '"', ...more });
}

export function mappings(...pairs: readonly (readonly [Json, Json])[]): Json {
  return { translator: { type: 'TabularTranslator', mappings: pairs.map(([source, sink]) => ({ source, sink })) } };
}

export async function fileCopies(): Promise<FileCopies> {
  const workspace = await copyWorkspace({ org: itemsOrg() });
  const bytes = async (path: string): Promise<Buffer> => await readFile(join(workspace.folder, path));
  const text = async (path: string): Promise<string> => (await bytes(path)).toString();

  async function copy({ from, to = csv('out/all.csv'), source, sink, more, run }: FileCopy): Promise<PipelineResult> {
    const typeOf = (dataset: Json, end: string): string => `${String(dataset['type'])}${end}`;
    const activity = {
      name: 'Copy',
      type: 'Copy',
      inputs: [reference('from', 'DatasetReference')],
      outputs: [reference('to', 'DatasetReference')],
      typeProperties: {
        source: { type: typeOf(from, 'Source'), ...source },
        sink: { type: typeOf(to, 'Sink'), ...sink },
        ...more,
      },
    };
    return await workspace.run([activity], { ...run, parts: { datasets: { from, to } } });
  }

  return {
    workspace,
    async write(path, content) {
      await mkdir(dirname(join(workspace.folder, path)), { recursive: true });
      await writeFile(join(workspace.folder, path), content);
    },
    bytes,
    text,
    copy,
    async lines(request) {
      const { run } = await copy(request);
      expect(run.message).toBe('');
      return (await text('out/all.csv')).split('\r\n').slice(1, -1);
    },
    [Symbol.asyncDispose]: async () => await workspace[Symbol.asyncDispose](),
  };
}
