import { SluiceError } from '@sluice/core';

/** Text in an encoding other than UTF-8. */
export interface TextRecoding {
  /** What a file begins with. */
  readonly mark: Uint8Array;
  /** The text in that encoding; undefined where it has no place for a character. The text may be given back as it is. */
  recode(utf8: Uint8Array): Uint8Array | undefined;
}

const BYTE_ORDER_MARK = Buffer.from('\u{feff}');
const MULTI_BYTE = new Set(['gbk', 'gb18030', 'big5', 'euc-jp', 'iso-2022-jp', 'shift_jis', 'euc-kr']);
const NO_MARK = new Uint8Array(0);

/**
 * Writing in an encoding by its standard name: UTF-8, UTF-16 with a byte order mark, and those of one byte a character.
 *
 * @throws `CONFIG_INVALID` for the others.
 */
export function textRecoding(format: string, encoding: string): TextRecoding {
  if (encoding === 'utf-8') return { mark: NO_MARK, recode: (utf8) => utf8 };
  if (encoding === 'utf-16le') return { mark: wide(BYTE_ORDER_MARK), recode: wide };
  if (encoding === 'utf-16be') return { mark: wide(BYTE_ORDER_MARK).swap16(), recode: (utf8) => wide(utf8).swap16() };
  if (MULTI_BYTE.has(encoding)) {
    throw new SluiceError('CONFIG_INVALID', `${format}: text is not written in ${encoding}`, {
      hint: 'Write UTF-8, UTF-16, or an encoding of one byte a character.',
    });
  }
  return { mark: NO_MARK, recode: narrow(encoding) };
}

function wide(utf8: Uint8Array): Buffer {
  return Buffer.from(textOf(utf8), 'utf16le');
}

function narrow(encoding: string): TextRecoding['recode'] {
  const decoder = new TextDecoder(encoding);
  const codes = new Map<number, number>();
  for (let byte = 0; byte < 256; byte++) codes.set(decoder.decode(Uint8Array.of(byte)).charCodeAt(0), byte);
  codes.delete(UNKNOWN);
  return (utf8) => {
    const text = textOf(utf8);
    const out = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) {
      const byte = codes.get(text.charCodeAt(i));
      if (byte === undefined) return undefined;
      out[i] = byte;
    }
    return out;
  };
}

/** What bytes without a meaning are read as. */
const UNKNOWN = 0xfffd;

function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}
