import { EncodedText } from '../text/text-encoding.ts';
import { LineFeeds } from './line-feeds.ts';
import { PlainText } from './plain-text.ts';
import { isPlain, type TextDialect } from './text-dialect.ts';

/** The text of a file in a dialect the decoder reads, in UTF-8. */
export interface TextRows {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly delimiter: string;
  readonly quote: string;
  /** Whether an empty cell in quotes is a text. */
  readonly quotedIsText: boolean;
  /** Whether the bytes are where they are in the file, so that their places mean something; known once the first chunk is there. */
  isAsIs(): boolean;
  /** Whether rows end in CR alone; known once the first row is there. */
  endsInCr(): boolean;
}

/** `endsInCr`: where it is known from the start of the file, and the input begins elsewhere. */
export function textRows(input: AsyncIterable<Uint8Array>, dialect: TextDialect, endsInCr?: boolean): TextRows {
  const text = new EncodedText(input, dialect.encoding);
  const { delimiter, quote, quotedNulls, lineEnd } = dialect;
  if (!isPlain(dialect)) {
    const rfc4180 = { delimiter: ',', quote: '"', quotedIsText: true };
    return { ...rfc4180, chunks: translated(text, dialect), isAsIs: () => false, endsInCr: () => false };
  }
  const lines = new LineFeeds(quote, lineEnd === undefined ? endsInCr : false);
  return {
    chunks: lines.of(text.utf8()),
    delimiter,
    quote,
    quotedIsText: !quotedNulls,
    isAsIs: () => text.isUtf8,
    endsInCr: () => lines.endsInCr,
  };
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
