import { SluiceError } from '@sluice/core';

/**
 * The standard's name of an encoding (https://encoding.spec.whatwg.org).
 *
 * @throws `CONFIG_INVALID`
 */
export function encodingName(format: string, encoding = 'utf-8'): string {
  try {
    return new TextDecoder(encoding).encoding;
  } catch (cause) {
    throw new SluiceError('CONFIG_INVALID', `${format}: ${JSON.stringify(encoding)} is no encoding that is known`, {
      cause,
      hint: 'Use a name such as utf-8, utf-16le or windows-1252.',
    });
  }
}

/** The bytes of a text, of which a byte order mark says more about the encoding than anyone else. */
export class EncodedText {
  readonly #input: AsyncIterable<Uint8Array>;
  readonly #declared: string;
  #encoding: string | undefined;

  constructor(input: AsyncIterable<Uint8Array>, encoding: string) {
    this.#input = input;
    this.#declared = encoding;
  }

  /** Whether it was UTF-8 all the time; known once the first chunk is there. */
  get isUtf8(): boolean {
    return this.#encoding === 'utf-8';
  }

  /** In UTF-8. What is UTF-8 passes as it is, its mark and its faults with it. @throws `ROW_MALFORMED` naming the byte. */
  async *utf8(): AsyncGenerator<Uint8Array> {
    let decoder: FatalDecoder | undefined;
    const encoder = new TextEncoder();
    for await (const chunk of this.#chunks()) {
      if (this.isUtf8) yield chunk;
      else yield encoder.encode((decoder ??= new FatalDecoder(this.#encoding!)).write(chunk));
    }
    if (decoder !== undefined) yield encoder.encode(decoder.end());
  }

  /** As strings, without the mark. @throws `ROW_MALFORMED` naming the byte. */
  async *strings(): AsyncGenerator<string> {
    let decoder: FatalDecoder | undefined;
    for await (const chunk of this.#chunks()) yield (decoder ??= new FatalDecoder(this.#encoding!)).write(chunk);
    if (decoder !== undefined) yield decoder.end();
  }

  /** The first of them has the whole mark, if there is one. */
  async *#chunks(): AsyncGenerator<Uint8Array> {
    let first: Uint8Array | undefined = new Uint8Array(0);
    for await (const chunk of this.#input) {
      if (first === undefined) {
        yield chunk;
        continue;
      }
      first = first.length === 0 ? chunk : Buffer.concat([first, chunk]);
      if (first.length < MARK_BYTES) continue;
      this.#encoding = markedEncoding(first) ?? this.#declared;
      yield first;
      first = undefined;
    }
    if (first === undefined) return;
    this.#encoding = markedEncoding(first) ?? this.#declared;
    if (first.length > 0) yield first;
  }
}

/** The longest mark. */
const MARK_BYTES = 3;

/** What a byte order mark says. */
function markedEncoding(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : undefined;
}

/** Bytes that are no character end it. */
class FatalDecoder {
  readonly #decoder: InstanceType<typeof TextDecoder>;
  #byteOffset = 0;

  constructor(encoding: string) {
    this.#decoder = new TextDecoder(encoding, { fatal: true });
  }

  write(chunk: Uint8Array): string {
    const text = this.#take(() => this.#decoder.decode(chunk, { stream: true }));
    this.#byteOffset += chunk.length;
    return text;
  }

  end(): string {
    return this.#take(() => this.#decoder.decode());
  }

  #take(decode: () => string): string {
    try {
      return decode();
    } catch (cause) {
      const message = `behind byte ${this.#byteOffset}: text that is not ${this.#decoder.encoding}`;
      throw new SluiceError('ROW_MALFORMED', message, {
        cause,
        hint: 'Check the encoding.',
        details: { byteOffset: this.#byteOffset },
      });
    }
  }
}
