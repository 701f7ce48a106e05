import { type FileHandle, open, rm } from 'node:fs/promises';

import { seededRandom } from '../seeded-random.ts';

const READ_BYTES = 65_536;

interface Block {
  readonly start: number;
  readonly end: number;
}

/** Lines of a result, held in a file that is there once there are any: written chunk by chunk, read as often as asked. */
export class ResultFile implements AsyncDisposable {
  readonly #path: string;
  readonly #shuffle: (() => number) | undefined;
  readonly #blocks: Block[] = [];
  #file: FileHandle | undefined;
  #lines = 0;
  #bytes = 0;

  /** With a seed, lines come in an order drawn from it. */
  constructor(path: string, seed: number | undefined) {
    this.#path = path;
    this.#shuffle = seed === undefined ? undefined : seededRandom(seed);
  }

  get lines(): number {
    return this.#lines;
  }

  /** The lines have their ends. */
  async append(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const bytes = Buffer.from(this.#shuffled(lines).join(''));
    this.#file ??= await open(this.#path, 'a');
    await this.#file.appendFile(bytes);
    const block = { start: this.#bytes, end: this.#bytes + bytes.length };
    this.#bytes = block.end;
    this.#lines += lines.length;
    const place = this.#shuffle === undefined ? this.#blocks.length : this.#drawn(this.#blocks.length + 1);
    this.#blocks.splice(place, 0, block);
  }

  /** No more lines will come. */
  async end(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async *body(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#lines === 0) return;
    await using file = await open(this.#path, 'r');
    for (const { start, end } of this.#blocks) {
      for (let at = start; at < end; at += READ_BYTES) {
        const bytes = Buffer.alloc(Math.min(READ_BYTES, end - at));
        await file.read(bytes, 0, bytes.length, at);
        yield bytes;
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    await rm(this.#path, { force: true });
  }

  #drawn(below: number): number {
    return Math.floor((this.#shuffle?.() ?? 0) * below);
  }

  #shuffled(lines: readonly string[]): readonly string[] {
    if (this.#shuffle === undefined) return lines;
    const shuffled: string[] = [];
    for (const line of lines) {
      const place = this.#drawn(shuffled.length + 1);
      shuffled.push(shuffled[place] ?? line);
      shuffled[place] = line;
    }
    return shuffled;
  }
}
