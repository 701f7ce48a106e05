import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Schema } from 'apache-arrow';

import type { Json, JsonObject } from '../contract/json.ts';
import type { PartId } from '../contract/sink.ts';
import type { Change, SourceReject } from '../contract/source.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { readRowFile, RowFileWriter } from '../kept/row-file.ts';
import { countRows, type DeliveredRows } from './delivered-rows.ts';

/** Consecutive source rows of a part. */
export interface PartPiece {
  /** The first of them, in the part as read. */
  readonly row: number;
  readonly rows: DeliveredRows;
}

/** A row that was refused, and why. */
export interface RefusedRow {
  /** In the part as read. */
  readonly row: number;
  readonly code: string;
  readonly message: string;
  readonly columns: readonly string[];
}

/** What a frame says beside its batch. */
interface PieceHead extends JsonObject {
  readonly row: number;
  readonly rejects: readonly (SourceReject & JsonObject)[];
  readonly changes: readonly (Change & JsonObject)[];
  readonly position?: Json;
}

/**
 * Source rows of parts on disk, for as long as somebody may ask for them again: beside a journal that lasts, else in a
 * folder of its own that goes with the run. The owner alone may read them. What is lost of them is read from the source
 * once more, so nothing is forced to the disk.
 */
export class KeptRows {
  readonly #folder: string | undefined;
  readonly #keepers = new Set<PartKeeper>();
  readonly #replaying = new Set<AsyncGenerator<PartPiece, void, undefined>>();
  #made: Promise<string> | undefined;
  #replays = 0;

  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** Keeps the rows of a part that is about to be written, in place of any that were kept of it. */
  async writer(part: PartId): Promise<PartKeeper> {
    const keeper = new PartKeeper(await this.#base(part), (ended) => this.#keepers.delete(ended));
    this.#keepers.add(keeper);
    return keeper;
  }

  /** The rows that are kept of a part: as many as can be read, in order. */
  async *read(part: PartId, schema: Schema): AsyncGenerator<PartPiece, void, undefined> {
    const base = await this.#found(original(part));
    if (base !== undefined) yield* piecesIn(rowsPath(base), schema);
  }

  /** Takes the rows of a part that is to be written anew, which frees their place for the next attempt. */
  async *replay(part: PartId, schema: Schema, rows: number): AsyncGenerator<DeliveredRows, void, undefined> {
    const base = await this.#base(original(part));
    const path = `${base}.again-${this.#replays++}`;
    await guarded(path, () => rename(rowsPath(base), path));
    const pieces = piecesIn(path, schema);
    this.#replaying.add(pieces);
    let passed = 0;
    for await (const piece of pieces) {
      passed = piece.row + countRows(piece.rows);
      yield piece.rows;
    }
    this.#replaying.delete(pieces);
    if (passed !== rows) throw new SluiceError('IO_FAILED', `rows that were kept in ${path} cannot be read back`);
    await rm(path, { force: true });
  }

  /** Rows that the writer of a part refused; undefined where they are lost. */
  async refused(part: PartId): Promise<readonly RefusedRow[] | undefined> {
    const base = await this.#found(part);
    if (base === undefined) return undefined;
    try {
      // Written by the keeper of the part.
      return JSON.parse(await readFile(refusedPath(base), 'utf8')) as readonly RefusedRow[];
    } catch {
      return undefined;
    }
  }

  /** Nobody asks for the rows of the part any more, nor for those of the retries before it. */
  async drop({ split, part, retry = 0 }: PartId): Promise<void> {
    const base = await this.#found({ split, part });
    if (base === undefined) return;
    await rm(rowsPath(base), { force: true });
    const retries = Array.from({ length: retry }, (_, n) => `${base}-${n + 1}`);
    for (const one of [base, ...retries]) await rm(refusedPath(one), { force: true });
  }

  /** At the end of the run. */
  async remove(): Promise<void> {
    await this.#closeFiles();
    const folder = this.#folder ?? (await this.#made);
    // Most runs keep nothing.
    if (folder !== undefined && existsSync(folder)) await rm(folder, { recursive: true, force: true });
    this.#made = undefined;
  }

  /** At the end of the process's share in a run that may go on. */
  async close(): Promise<void> {
    if (this.#folder === undefined) await this.remove();
    else await this.#closeFiles();
  }

  /** Those of parts whose writers were left alone, or failed on the way: nobody else comes to close them. */
  async #closeFiles(): Promise<void> {
    for (const keeper of this.#keepers) await keeper[Symbol.asyncDispose]();
    for (const pieces of this.#replaying) await pieces.return();
    this.#replaying.clear();
  }

  /** Makes the folder, where there is none yet. */
  async #base(part: PartId): Promise<string> {
    this.#made ??= makeFolder(this.#folder);
    return join(await this.#made, fileName(part));
  }

  async #found(part: PartId): Promise<string | undefined> {
    const folder = this.#folder ?? (await this.#made);
    return folder === undefined ? undefined : join(folder, fileName(part));
  }
}

/** Keeps rows of one part while it is written. */
export class PartKeeper implements AsyncDisposable {
  readonly #base: string;
  readonly #onEnd: (keeper: PartKeeper) => void;
  readonly #refused: RefusedRow[] = [];
  #file: RowFileWriter<PieceHead> | undefined;

  constructor(base: string, onEnd: (keeper: PartKeeper) => void) {
    this.#base = base;
    this.#onEnd = onEnd;
  }

  /** Pieces come in the order of their rows. */
  async add({ row, rows: { batch, rejects, changes, position } }: PartPiece): Promise<void> {
    await guarded(rowsPath(this.#base), async () => {
      this.#file ??= await RowFileWriter.create<PieceHead>(rowsPath(this.#base));
      const told = {
        row,
        rejects: rejects.map((reject) => ({ ...reject })),
        changes: changes.map((one) => ({ ...one })),
      };
      await this.#file.append({ head: position === undefined ? told : { ...told, position }, batch });
    });
  }

  refuse(row: RefusedRow): void {
    this.#refused.push(row);
  }

  /** All of the part has been written. */
  async end(): Promise<void> {
    if (this.#refused.length === 0) return;
    const path = refusedPath(this.#base);
    await guarded(path, () => writeFile(path, JSON.stringify(this.#refused), { mode: 0o600 }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#onEnd(this);
    const file = this.#file;
    this.#file = undefined;
    await file?.[Symbol.asyncDispose]();
  }
}

async function* piecesIn(path: string, schema: Schema): AsyncGenerator<PartPiece, void, undefined> {
  for await (const { head, batch } of readRowFile<PieceHead>(path, schema)) {
    const { row, rejects, changes, position } = head;
    yield { row, rows: { batch, rejects, changes, position } };
  }
}

/** The rows of a retry are among those of the part it belongs to. */
function original({ split, part }: PartId): PartId {
  return { split, part };
}

function fileName({ split, part, retry }: PartId): string {
  return retry === undefined ? `${split}-${part}` : `${split}-${part}-${retry}`;
}

function rowsPath(base: string): string {
  return `${base}.rows`;
}

function refusedPath(base: string): string {
  return `${base}.refused`;
}

async function makeFolder(folder: string | undefined): Promise<string> {
  return await guarded(folder ?? tmpdir(), async () => {
    if (folder === undefined) return await mkdtemp(join(tmpdir(), 'sluice-rows-'));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return folder;
  });
}

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const isFull = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC';
    throw new SluiceError(
      isFull ? 'STORAGE_FULL' : 'IO_FAILED',
      `rows of the run cannot be kept in ${path}${isFull ? ': no space is left' : ''}`,
      { cause, hint: 'Check that the folder may be written to and has room for the rows of the parts under way.' },
    );
  }
}
