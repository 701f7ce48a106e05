import type { WriteStream } from 'node:tty';

const CLEAR_LINE = '\r\u001B[K';
/** Where a terminal does not tell its width. */
const DEFAULT_COLUMNS = 80;

/** One line of a terminal that is written over and over. */
export class LiveLine {
  readonly #stream: WriteStream;
  #text: string | undefined;

  constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  /** Cut off at the width of the terminal, since a wrapped line could not be cleared. */
  show(text: string): void {
    const columns = (this.#stream.columns || DEFAULT_COLUMNS) - 1;
    this.#text = text;
    this.#stream.write(`${CLEAR_LINE}${text.length > columns ? `${text.slice(0, columns - 1)}…` : text}`);
  }

  /** Returns what was there. */
  clear(): string | undefined {
    const text = this.#text;
    if (text !== undefined) this.#stream.write(CLEAR_LINE);
    this.#text = undefined;
    return text;
  }
}
