import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Json, SluiceError } from '@sluice/core';
import * as z from 'zod';

import type { ConfigDocument } from '../config/config-file.ts';

const storedConfig = z.strictObject({
  v: z.literal(1),
  id: z.string(),
  /** Where it was read from. */
  path: z.string(),
  /** As written: references to variables and secrets, not their values. */
  value: z.json(),
});

/**
 * The configurations of runs under way, so that a run can be resumed or abandoned by its id alone, whatever has become
 * of the file. One file a run, its owner's alone.
 */
export class StoredConfigs {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Durable as far as a crash of this process goes. Replaces what was there. */
  async save(id: string, { path, value }: Pick<ConfigDocument, 'path' | 'value'>): Promise<void> {
    const target = this.#pathOf(id);
    const temporary = `${target}.${process.pid}`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(temporary, JSON.stringify({ v: 1, id, path, value }), { mode: 0o600 });
      await rename(temporary, target);
    } catch (cause) {
      throw new SluiceError('IO_FAILED', `the configuration of the run cannot be kept in ${this.#folder}`, {
        cause,
        hint: 'Make the folder writable, name another one with --state, or run with --no-journal.',
      });
    }
  }

  async load(id: string): Promise<ConfigDocument | undefined> {
    const text = await this.#read(id);
    if (text === undefined) return undefined;
    const stored = storedConfig.safeParse(parsed(text));
    if (!stored.success || stored.data.id !== id) throw unreadable(this.#pathOf(id));
    const { path, value } = stored.data;
    // What JSON holds.
    return { name: path, path, value: value as Json, placeOf: () => undefined };
  }

  async remove(id: string): Promise<void> {
    await rm(this.#pathOf(id), { force: true });
  }

  async #read(id: string): Promise<string | undefined> {
    const path = this.#pathOf(id);
    try {
      return await readFile(path, 'utf8');
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
      throw unreadable(path, cause);
    }
  }

  /** Ids may hold what no file name can. */
  #pathOf(id: string): string {
    return join(this.#folder, `${createHash('sha256').update(id).digest('hex')}.json`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(path: string, cause?: unknown): SluiceError {
  return new SluiceError('JOURNAL_UNREADABLE', `the configuration kept in ${path} cannot be read`, {
    cause,
    hint: 'Give the configuration the run was started with behind its id.',
  });
}
