import { PlainText } from './plain-text.ts';
import { type FullDialect, isPlain } from './text-dialect.ts';

/** The bytes of a file as RFC 4180 has them in UTF-8, with the dialect that is left to the decoder. */
export interface PlainBytes {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly delimiter: string;
  readonly quote: string;
}

/** `skipLines` counts lines that are not empty, ahead of the header. */
export function plainBytes(chunks: AsyncIterable<Uint8Array>, dialect: FullDialect, skipLines: number): PlainBytes {
  const rows = skipLines === 0 ? chunks : withoutLines(chunks, skipLines);
  if (isPlain(dialect)) return { chunks: rows, delimiter: dialect.delimiter, quote: dialect.quote };
  return { chunks: translated(rows, dialect), delimiter: ',', quote: '"' };
}

async function* translated(chunks: AsyncIterable<Uint8Array>, dialect: FullDialect): AsyncGenerator<Uint8Array> {
  const plain = new PlainText(dialect);
  const encoder = new TextEncoder();
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(markedEncoding(chunk) ?? dialect.encoding);
    const text = plain.write(decoder.decode(chunk, { stream: true }));
    if (text !== '') yield encoder.encode(text);
  }
  const last = (decoder === undefined ? '' : plain.write(decoder.decode())) + plain.end();
  if (last !== '') yield encoder.encode(last);
}

/** What a byte order mark says. */
function markedEncoding(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : undefined;
}

const LF = 0x0a;
const CR = 0x0d;

async function* withoutLines(chunks: AsyncIterable<Uint8Array>, lines: number): AsyncGenerator<Uint8Array> {
  let left = lines;
  let isEmptyLine = true;
  for await (const chunk of chunks) {
    let at = 0;
    while (left > 0 && at < chunk.length) {
      const byte = chunk[at++];
      if (byte === LF) {
        if (!isEmptyLine) left--;
        isEmptyLine = true;
      } else if (byte !== CR) isEmptyLine = false;
    }
    if (at < chunk.length) yield chunk.subarray(at);
  }
}
