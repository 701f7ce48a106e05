import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Journal, type JournalEntry, SluiceError, sqliteJournal } from '@sluice/core';

import { type CopyRequest, parseRequest } from './copy-request.ts';

const REQUEST = 'request.json';

/** A copy that has not settled, or has left something behind. */
export interface UnsettledCopy {
  readonly activityRunId: string;
  readonly journal: Journal;
  readonly entries: readonly JournalEntry[];
  /** Undefined where it could not be kept, since it held a secret. */
  readonly request: CopyRequest | undefined;
}

/**
 * Journals of the copies of one run of a pipeline, a folder each, for as long as there is something to end or to remove:
 * what a process that is killed leaves behind, a later one can find.
 */
export class CopyStates {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Where a copy is kept. What fails in this process ends at once what it has started, as without a journal on disk.
   *
   * @throws `IO_FAILED`
   */
  async begin(activityRunId: string, requestText: string | undefined): Promise<Journal> {
    const folder = join(this.#folder, activityRunId);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if (requestText !== undefined) {
        const path = join(folder, REQUEST);
        await writeFile(`${path}.new`, requestText, { mode: 0o600 });
        await rename(`${path}.new`, path);
      }
    } catch (cause) {
      throw new SluiceError('IO_FAILED', `the copy cannot be kept in ${this.#folder}`, {
        cause,
        hint: 'Make the folder writable, or choose another one.',
      });
    }
    return { ...sqliteJournal(folder), durable: false };
  }

  /** Forgets a copy of which nothing is left. */
  async settle(activityRunId: string): Promise<void> {
    const folder = join(this.#folder, activityRunId);
    const entries = (await sqliteJournal(folder).peek(activityRunId)) ?? [];
    const ended = entries.findLast((entry) => entry.kind === 'ended');
    // What was never planned is not journalled as ended, and has begun nothing unless a plugin wrote it down before.
    const isBegun = entries.some(
      (entry) => entry.kind === 'planned' || (entry.kind === 'memo' && entry.scope !== 'run'),
    );
    if (isBegun && ended?.leftBehind.length !== 0) return;
    await rm(folder, { recursive: true, force: true });
    // The last one takes the folder along.
    if ((await foldersIn(this.#folder)).length === 0) await rm(this.#folder, { recursive: true, force: true });
  }

  async unsettled(): Promise<readonly UnsettledCopy[]> {
    const copies: UnsettledCopy[] = [];
    for (const activityRunId of await foldersIn(this.#folder)) {
      const folder = join(this.#folder, activityRunId);
      const journal = sqliteJournal(folder);
      const entries = await journal.peek(activityRunId);
      if (entries === undefined) await this.settle(activityRunId);
      else copies.push({ activityRunId, journal, entries, request: await requestIn(folder) });
    }
    return copies;
  }
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new SluiceError('IO_FAILED', `the copies kept in ${folder} cannot be read`, { cause: error });
  }
}

async function requestIn(folder: string): Promise<CopyRequest | undefined> {
  try {
    return parseRequest(await readFile(join(folder, REQUEST), 'utf8'));
  } catch {
    return undefined;
  }
}
