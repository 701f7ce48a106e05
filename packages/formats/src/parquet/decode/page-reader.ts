import { crc32 } from 'node:zlib';

import { SluiceError } from '@sluice/core';
import type { CompressionCodec, Encoding } from 'hyparquet';
import { Encodings } from 'hyparquet/src/constants.js';

import type { ChunkInput } from './chunk-input.ts';
import { damaged, placed } from './damage.ts';
import { uncompress } from './page-codec.ts';
import { ThriftReader, type ThriftStruct } from './thrift-reader.ts';

/** Where bytes of a page are. */
export interface PageBytes {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export interface DictionaryPage {
  readonly kind: 'dictionary';
  readonly values: number;
  readonly bytes: Uint8Array;
}

export interface DataPage {
  readonly kind: 'data';
  /** Nulls among them. */
  readonly values: number;
  readonly encoding: Encoding;
  /** Undefined where the column has none. */
  readonly repetition: PageBytes | undefined;
  readonly definition: PageBytes | undefined;
  readonly content: PageBytes;
  /** For errors. */
  readonly place: string;
}

export interface PageContext {
  readonly codec: CompressionCodec;
  readonly hasRepetition: boolean;
  readonly hasDefinition: boolean;
  /** A page of more is refused. */
  readonly maxPageBytes: number;
}

/** Of a page header that has its statistics. */
const HEADER_BYTES = 1024;
const MAX_HEADER_BYTES = 16 * 1_048_576;

const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;
const DATA_PAGE_V2 = 3;

/**
 * The next page of a chunk, uncompressed and checked; pages of other kinds are passed over.
 *
 * @throws `FILE_CORRUPT` with the place of the page in the file.
 */
export async function readPage(input: ChunkInput, context: PageContext): Promise<DictionaryPage | DataPage> {
  while (true) {
    const place = `page at byte ${input.at}`;
    try {
      const header = await readHeader(input);
      const bytes = header.count(2, 'size');
      const compressedBytes = header.count(3, 'compressed size');
      if (compressedBytes > input.left) throw damaged('it ends behind its column');
      requireSize(Math.max(bytes, compressedBytes), context.maxPageBytes);
      const stored = (await input.peek(compressedBytes)).subarray(0, compressedBytes);
      const page = openPage(header, { stored, bytes, place }, context);
      input.skip(compressedBytes);
      if (page !== undefined) return page;
    } catch (error) {
      throw placed(place, error);
    }
  }
}

function requireSize(bytes: number, maxPageBytes: number): void {
  if (bytes <= maxPageBytes) return;
  throw new SluiceError('FILE_CORRUPT', `it has ${bytes} bytes, and the limit is ${maxPageBytes}`, {
    hint: 'If the file is sound, raise maxPageBytes.',
  });
}

async function readHeader(input: ChunkInput): Promise<ThriftStruct> {
  if (input.left === 0) throw damaged('its column has fewer values than the footer says');
  for (let wanted = HEADER_BYTES; ; wanted *= 4) {
    const bytes = await input.peek(wanted);
    const reader = new ThriftReader(bytes);
    try {
      const header = reader.readStruct();
      input.skip(reader.at);
      return header;
    } catch (error) {
      // Long statistics: there may be more of it.
      if (!reader.isShort || bytes.length >= input.left || wanted >= MAX_HEADER_BYTES) throw error;
    }
  }
}

interface StoredPage {
  readonly stored: Uint8Array;
  readonly bytes: number;
  readonly place: string;
}

function openPage(header: ThriftStruct, page: StoredPage, context: PageContext): DictionaryPage | DataPage | undefined {
  const checksum = header.integer(4, 'checksum');
  if (checksum !== undefined && checksum >>> 0 !== crc32(page.stored)) throw damaged('its checksum is another');
  switch (header.count(1, 'kind')) {
    case DATA_PAGE:
      return dataPage(requireHeader(header, 5), page, context);
    case DATA_PAGE_V2:
      return dataPageV2(requireHeader(header, 8), page, context);
    case DICTIONARY_PAGE: {
      const dictionary = requireHeader(header, 7);
      const encoding = encodingOf(dictionary, 2);
      if (encoding !== 'PLAIN' && encoding !== 'PLAIN_DICTIONARY') throw damaged(`its dictionary is ${encoding}`);
      const bytes = uncompress(context.codec, page.stored, page.bytes);
      return { kind: 'dictionary', values: dictionary.count(1, 'count of values'), bytes };
    }
    default:
      return undefined;
  }
}

function requireHeader(header: ThriftStruct, id: number): ThriftStruct {
  const content = header.struct(id);
  if (content === undefined) throw damaged('its header does not have what its kind needs');
  return content;
}

function encodingOf(header: ThriftStruct, id: number): Encoding {
  const encoding = Encodings[header.count(id, 'encoding')];
  if (encoding === undefined) throw damaged('its encoding is not known');
  return encoding;
}

/** Version 1: levels with their lengths in front, compressed together with the values. */
function dataPage(header: ThriftStruct, { stored, bytes, place }: StoredPage, context: PageContext): DataPage {
  const page = uncompress(context.codec, stored, bytes);
  let at = 0;
  const levels = (has: boolean, encodingId: number): PageBytes | undefined => {
    if (!has) return undefined;
    if (encodingOf(header, encodingId) !== 'RLE') throw damaged('its levels are not in runs, the way they are read');
    if (at + 4 > page.length) throw damaged('its levels are cut short');
    const start = at + 4;
    const end = start + new DataView(page.buffer, page.byteOffset).getUint32(at, true);
    if (end > page.length) throw damaged('its levels are cut short');
    at = end;
    return { bytes: page, start, end };
  };
  const repetition = levels(context.hasRepetition, 4);
  const definition = levels(context.hasDefinition, 3);
  const values = header.count(1, 'count of values');
  const content = { bytes: page, start: at, end: page.length };
  return { kind: 'data', values, encoding: encodingOf(header, 2), repetition, definition, content, place };
}

/** Version 2: levels in front, not compressed, their lengths in the header. */
function dataPageV2(header: ThriftStruct, { stored, bytes, place }: StoredPage, context: PageContext): DataPage {
  const definitionBytes = header.count(5, 'length of definition levels');
  const repetitionBytes = header.count(6, 'length of repetition levels');
  const levelBytes = definitionBytes + repetitionBytes;
  if (levelBytes > Math.min(stored.length, bytes)) throw damaged('its levels are longer than it is');
  const isCompressed = header.flag(7) ?? true;
  const content = uncompress(
    isCompressed ? context.codec : 'UNCOMPRESSED',
    stored.subarray(levelBytes),
    bytes - levelBytes,
  );
  const repetition = { bytes: stored, start: 0, end: repetitionBytes };
  const definition = { bytes: stored, start: repetitionBytes, end: levelBytes };
  return {
    kind: 'data',
    values: header.count(1, 'count of values'),
    encoding: encodingOf(header, 4),
    repetition: context.hasRepetition ? repetition : undefined,
    definition: context.hasDefinition ? definition : undefined,
    content: { bytes: content, start: 0, end: content.length },
    place,
  };
}
