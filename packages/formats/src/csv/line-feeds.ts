import { CR, LF } from './csv-dialect.ts';

const NO_BYTES = new Uint8Array(0);

/**
 * Makes rows that end in CR alone end in LF, byte for byte. Whether they do tells the first line end outside of quotes;
 * where it is LF or CRLF, a CR alone is text, as in RFC 4180, and nothing is changed.
 */
export class LineFeeds {
  /** Undefined until it is known. */
  #endsInCr: boolean | undefined;
  readonly #quote: number | undefined;
  #isQuoted = false;
  /** A CR at the end of what came so far, of which what follows tells the meaning. */
  #held: Uint8Array = NO_BYTES;

  /** `endsInCr`: where it is known from before. */
  constructor(quote: string, endsInCr: boolean | undefined) {
    this.#quote = quote === '' ? undefined : quote.charCodeAt(0);
    this.#endsInCr = endsInCr;
  }

  get endsInCr(): boolean {
    return this.#endsInCr === true;
  }

  /** A chunk that is changed is another one. */
  async *of(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      const bytes = this.#take(chunk);
      if (bytes.length > 0) yield bytes;
    }
    if (this.#held.length > 0) yield Uint8Array.of(this.#isQuoted ? CR : LF);
  }

  #take(chunk: Uint8Array): Uint8Array {
    if (this.#endsInCr === false) return chunk;
    const bytes = Buffer.concat([this.#held, chunk]);
    const end = bytes.at(-1) === CR ? bytes.length - 1 : bytes.length;
    for (let at = 0; at < end && this.#endsInCr !== false; at++) {
      const byte = bytes[at];
      if (byte === this.#quote) this.#isQuoted = !this.#isQuoted;
      else if (!this.#isQuoted && (byte === CR || byte === LF)) {
        const isAlone = byte === CR && bytes[at + 1] !== LF;
        this.#endsInCr ??= isAlone;
        if (isAlone && this.#endsInCr) bytes[at] = LF;
      }
    }
    this.#held = this.#endsInCr === false ? NO_BYTES : bytes.subarray(end);
    return bytes.subarray(0, bytes.length - this.#held.length);
  }
}
