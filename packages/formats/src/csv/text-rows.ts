import { EncodedText } from '../text/text-encoding.ts';
import { PlainText } from './plain-text.ts';
import { isPlain, type TextDialect } from './text-dialect.ts';

/** The text of a file in a dialect the decoder reads, in UTF-8. */
export interface TextRows {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly delimiter: string;
  readonly quote: string;
  /** Whether an empty cell in quotes is a text. */
  readonly quotedIsText: boolean;
  /** Whether the bytes are those of the file, so that their places mean something; known once the first chunk is there. */
  isAsIs(): boolean;
}

export function textRows(input: AsyncIterable<Uint8Array>, dialect: TextDialect): TextRows {
  const text = new EncodedText(input, dialect.encoding);
  if (!isPlain(dialect)) {
    return { chunks: translated(text, dialect), delimiter: ',', quote: '"', quotedIsText: true, isAsIs: () => false };
  }
  const { delimiter, quote, quotedNulls } = dialect;
  return { chunks: text.utf8(), delimiter, quote, quotedIsText: !quotedNulls, isAsIs: () => text.isUtf8 };
}

async function* translated(text: EncodedText, dialect: TextDialect): AsyncGenerator<Uint8Array> {
  const plain = new PlainText(dialect);
  const encoder = new TextEncoder();
  for await (const some of text.strings()) {
    const rows = plain.write(some);
    if (rows !== '') yield encoder.encode(rows);
  }
  const last = plain.end();
  if (last !== '') yield encoder.encode(last);
}
