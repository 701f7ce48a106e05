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

/**
 * The same text in UTF-8. A byte order mark says more than `encoding`. UTF-8 passes as it is, its mark and its faults
 * with it; in other encodings, bytes that are no character end it.
 *
 * @throws `ROW_MALFORMED` naming the byte.
 */
export async function* utf8Chunks(input: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Uint8Array> {
  let first: Uint8Array | undefined = new Uint8Array(0);
  let text: TextTranslator | undefined;
  for await (const chunk of input) {
    if (first === undefined) {
      yield* text?.write(chunk) ?? [chunk];
      continue;
    }
    first = Buffer.concat([first, chunk]);
    // A mark has three bytes at most.
    if (first.length < 3) continue;
    text = translatorFor(first, encoding);
    yield* text?.write(first) ?? [first];
    first = undefined;
  }
  if (first !== undefined && first.length > 0) {
    text = translatorFor(first, encoding);
    yield* text?.write(first) ?? [first];
  }
  if (text !== undefined) yield* text.end();
}

function translatorFor(bytes: Uint8Array, encoding: string): TextTranslator | undefined {
  const found = markedEncoding(bytes) ?? encoding;
  return found === 'utf-8' ? undefined : new TextTranslator(found);
}

/** What a byte order mark says. */
function markedEncoding(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : undefined;
}

class TextTranslator {
  readonly #decoder: InstanceType<typeof TextDecoder>;
  readonly #encoder = new TextEncoder();
  #byteOffset = 0;

  constructor(encoding: string) {
    this.#decoder = new TextDecoder(encoding, { fatal: true });
  }

  *write(chunk: Uint8Array): Generator<Uint8Array> {
    yield* this.#take(() => this.#decoder.decode(chunk, { stream: true }));
    this.#byteOffset += chunk.length;
  }

  *end(): Generator<Uint8Array> {
    yield* this.#take(() => this.#decoder.decode());
  }

  *#take(decode: () => string): Generator<Uint8Array> {
    let text: string;
    try {
      text = decode();
    } catch (cause) {
      const message = `behind byte ${this.#byteOffset}: text that is not ${this.#decoder.encoding}`;
      throw new SluiceError('ROW_MALFORMED', message, {
        cause,
        hint: 'Check the encoding.',
        details: { byteOffset: this.#byteOffset },
      });
    }
    if (text !== '') yield this.#encoder.encode(text);
  }
}
