import { type JsonPath, offsetAt } from './json-node.ts';
import { readJson, type JsonReading } from './json-reader.ts';

/** Where something stands in a file, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A file of JSON as it was written. */
export interface JsonDocument extends JsonReading {
  /** For messages. */
  readonly file: string;
  placeOf(path: JsonPath): Place;
  placeAt(offset: number): Place;
}

/** @throws {JsonFault} when the text is not JSON. */
export function jsonDocument(file: string, text: string): JsonDocument {
  const reading = readJson(text);
  const placeAt = (offset: number): Place => placeIn(text, offset);
  return { file, ...reading, placeAt, placeOf: (path) => placeAt(offsetAt(reading.root, path)) };
}

export function placeIn(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** UTF-8, or UTF-16 with a byte order mark; `undefined` for bytes that are neither. */
export function decodeJson(bytes: Uint8Array): string | undefined {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
